import {
  type AnyDesc,
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescMethod,
  ScalarType
} from "@bufbuild/protobuf"
import { capabilities } from "@connector-service/connectors/Connector"
import { catalog } from "@connector-service/connectors/catalog"
import { flows, services } from "@connector-service/domain/Services"
import { type Contract, commentOf, messageOf } from "./Contract.ts"
import { code, link, table } from "./Markdown.ts"
import { presence } from "./Presence.ts"

/** A page, and what keeps it from being written: names without a comment. */
export interface Page {
  readonly text: string
  readonly problems: ReadonlyArray<string>
}

/** The word that a service has in the table of flows: `payment` for PaymentService. */
const wordOf = (service: string): string => {
  const word = service.replace(/Service$/, "")
  return word.charAt(0).toLowerCase() + word.slice(1)
}

const typeOf = (desc: DescMessage | DescEnum): string =>
  desc.typeName.startsWith("google.protobuf.")
    ? `[${desc.name}](https://protobuf.dev/reference/protobuf/google.protobuf/#${desc.name.toLowerCase()})`
    : link(desc.name)

const scalar = (type: ScalarType): string => ScalarType[type].toLowerCase()

const fieldType = (field: DescField): string => {
  switch (field.fieldKind) {
    case "message":
      return typeOf(field.message)
    case "enum":
      return typeOf(field.enum)
    case "scalar":
      return scalar(field.scalar)
    case "list":
      return `list of ${field.listKind === "scalar" ? scalar(field.scalar) : typeOf(field.listKind === "enum" ? field.enum : field.message)}`
    case "map":
      return `map of ${scalar(field.mapKey)} to ${field.mapKind === "scalar" ? scalar(field.scalar) : typeOf(field.mapKind === "enum" ? field.enum : field.message)}`
  }
}

const isOptional = (field: DescField): boolean =>
  field.proto.proto3Optional || field.fieldKind === "list" || field.fieldKind === "map"

/** The page of the contract's services and messages. */
export const api = (contract: Contract): Page => {
  const problems: Array<string> = []
  const serviceOf = (word: string) => contract.services.find(({ name }) => wordOf(name) === word)
  const required = presence(
    (word) => serviceOf(word)?.methods ?? [],
    (name) => messageOf(name, contract)
  )

  const presenceOf = (field: DescField): string => {
    if (field.oneof !== undefined) return `one of ${code(field.oneof.name)}`
    return (required.get(`${field.parent.name}.${field.name}`) ?? !isOptional(field)) ? "yes" : ""
  }

  const comment = (desc: AnyDesc): string => {
    const text = commentOf(desc)
    if (text === "") problems.push(`${desc.toString()} has no comment`)
    return text
  }

  const messageText = (desc: DescMessage): string => {
    for (const oneof of desc.oneofs) comment(oneof)
    const rows = desc.fields.map((field) => [code(field.name), fieldType(field), presenceOf(field), comment(field)])
    const fields = rows.length === 0 ? "It has no fields." : table(["field", "type", "required", "meaning"], rows)
    return `${comment(desc)}\n\n${fields}\n`
  }

  const enumText = (desc: DescEnum): string =>
    `${comment(desc)}\n\n${table(
      ["value", "number", "meaning"],
      desc.values.map((value) => [code(value.name), String(value.number), comment(value)])
    )}\n`

  const offeredBy = (flow: string): string => {
    const offering = catalog.filter((connector) => capabilities(connector).some(({ name }) => name === flow))
    return offering.map(({ id }) => id).join(", ")
  }

  const methodRow = (word: string, method: DescMethod): ReadonlyArray<string> => {
    const rows: Readonly<Record<string, Readonly<Record<string, { readonly kind: string }>>>> = services
    // a stream is of another kind than the rows of the table
    const kind = method.methodKind === "unary" ? rows[word]?.[method.localName]?.kind : "stream"
    if (kind === undefined) problems.push(`${method.toString()} is not in the table of flows`)
    const offering = Object.hasOwn(flows, word) ? offeredBy(`${word}.${method.localName}`) : "needs none of its own"
    return [
      code(method.name),
      kind ?? "",
      offering,
      `${link(method.input.name)} → ${link(method.output.name)}`,
      comment(method)
    ]
  }

  const ends = new Set(
    contract.services.flatMap(({ methods }) => methods.flatMap(({ input, output }) => [input, output]))
  )
  const serviceText = contract.services.map((service) => {
    const word = wordOf(service.name)
    const messages = service.methods.flatMap(({ input, output }) => [input, output])
    return `## ${service.name}

${comment(service)}

${table(
  ["method", "kind", "connectors", "request → answer", "meaning"],
  service.methods.map((method) => methodRow(word, method))
)}

${messages.map((message) => `### ${message.name}\n\n${messageText(message)}`).join("\n")}`
  })

  const shared = contract.messages.filter((message) => !ends.has(message))
  const text = `# The contract

Every service, message and enum of [\`payments.v1\`](../../proto/payments/v1), with the comments of its files. What a connector wants beyond this, and the payment methods it takes, is in [connectors](connectors.md); how a call names its target and how errors arrive, in [gRPC](../grpc.md).

A field marked **yes** must be given in a request, and is always there in an answer; of a group marked **one of** exactly one is set. A method's kind is \`read\`, which changes nothing, \`write\`, which may move money or create something, or \`stream\`, which tells what happens. In the SDK and Effect RPC the same fields are in camelCase, an enum's value is its word without the enum's name (\`CAPTURE_METHOD_MANUAL\` is \`"MANUAL"\`), and what is one of several has a \`_tag\` (\`card\` is \`{ _tag: "Card", … }\`).

- Services: ${contract.services.map(({ name }) => link(name)).join(" · ")}
- Messages that they share: ${shared.map(({ name }) => link(name)).join(" · ")}
- Enums: ${contract.enums.map(({ name }) => link(name)).join(" · ")}

${serviceText.join("\n")}
## Messages

${shared.map((message) => `### ${message.name}\n\n${messageText(message)}`).join("\n")}
## Enums

${contract.enums.map((desc) => `### ${desc.name}\n\n${enumText(desc)}`).join("\n")}`
  return { text, problems }
}
