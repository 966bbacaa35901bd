import { type DescMessage, fromBinary, type Message, toBinary, toJson } from "@bufbuild/protobuf"
import * as errors from "@connector-service/codec/errors"
import * as webhook from "@connector-service/codec/webhook"
import type { SubscribedEvent, SubscribeRequest } from "@connector-service/domain/Subscription"
import { ConnectorError } from "@connector-service/proto/payments/v1/errors"
import {
  WebhookServiceSubscribeRequest,
  WebhookServiceSubscribeResponse
} from "@connector-service/proto/payments/v1/webhook"
import { Result, SchemaAST } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { asDomain, descriptor, files, type Manner, messageOf, registry } from "./Descriptors.ts"
import { type Method, methods } from "./Methods.ts"
import { leaves, plain } from "./Values.ts"

/** A message through our own encoding and back into the second implementation's. */
interface Path {
  readonly name: string
  readonly desc: DescMessage
  readonly of: Manner["of"]
  readonly fromProto: (bytes: Uint8Array) => unknown
  readonly toProto: (value: unknown) => Uint8Array
  readonly expected: (message: Message, visit?: (field: string) => void) => unknown
}

const unwrapped = (desc: DescMessage, value: unknown): unknown => {
  const [only, ...more] = desc.fields
  return desc.oneofs.length === 0 && only !== undefined && more.length === 0
    ? (value as Record<string, unknown>)[only.localName]
    : value
}

const requestOf = ({ codec, desc, generated, name }: Method): Path => ({
  name: `${name} request`,
  desc: desc.request,
  of: "request",
  fromProto: (bytes) => Result.getOrThrow(codec.request.fromProto(generated.request.decode(bytes))),
  toProto: (value) => generated.request.encode(codec.request.toProto(value)).finish(),
  expected: (message, visit) => asDomain(desc.request, message, visit)
})

const responseOf = ({ codec, desc, generated, name }: Method): Path => ({
  name: `${name} response`,
  desc: desc.response,
  of: "answer",
  fromProto: (bytes) => codec.response.fromProto(generated.response.decode(bytes)),
  toProto: (value) => generated.response.encode(codec.response.toProto(value)).finish(),
  expected: (message, visit) => unwrapped(desc.response, asDomain(desc.response, message, visit))
})

/** These say what follows from the reason; a reader takes it from the reason again. */
const derived = ["moneyMoved", "retryable", "fault", "nextStep"]
const error: Path = {
  name: "ConnectorError",
  desc: descriptor("ConnectorError"),
  of: "answer",
  fromProto: (bytes) => errors.fromProto(ConnectorError.decode(bytes)),
  // what fromProto gave
  toProto: (value) => ConnectorError.encode(errors.toProto(value as Parameters<typeof errors.toProto>[0])).finish(),
  expected: (message, visit) => ({ ...(asDomain(error.desc, message, visit) as object), _tag: "ConnectorError" })
}

const streamOf = (name: "request" | "response"): Path => {
  const desc = descriptor(name === "request" ? "WebhookServiceSubscribeRequest" : "WebhookServiceSubscribeResponse")
  const { request, response } = webhook.subscribe
  return name === "request"
    ? {
        name: "webhook.subscribe request",
        desc,
        of: "request",
        fromProto: (bytes) => Result.getOrThrow(request.fromProto(WebhookServiceSubscribeRequest.decode(bytes))),
        // what fromProto gave, here and below
        toProto: (value) => WebhookServiceSubscribeRequest.encode(request.toProto(value as SubscribeRequest)).finish(),
        expected: (message, visit) => ({ request: asDomain(desc, message, visit) })
      }
    : {
        name: "webhook.subscribe response",
        desc,
        of: "answer",
        fromProto: (bytes) => response.fromProto(WebhookServiceSubscribeResponse.decode(bytes)),
        toProto: (value) => WebhookServiceSubscribeResponse.encode(response.toProto(value as SubscribedEvent)).finish(),
        expected: (message, visit) => asDomain(desc, message, visit)
      }
}

const without = (value: unknown, keys: ReadonlyArray<string>): unknown =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => !keys.includes(key)))
const ignored = (path: Path): ReadonlyArray<string> => (path === error ? derived : [])

const json = ({ desc }: Path, message: Message): unknown =>
  toJson(desc, message, { registry, useProtoFieldName: false })

const paths = [
  ...methods.flatMap((method) => [requestOf(method), responseOf(method)]),
  streamOf("request"),
  streamOf("response"),
  error
]

/** Full messages, always the same: enough for each case of each oneof to be there. */
const samples = (path: Path) =>
  fc.sample(messageOf(path.desc, { of: path.of, fields: "all" }), { numRuns: 150, seed: 1 })

const differing = (was: unknown, is: unknown): ReadonlyArray<string> => {
  const after = new Map(leaves(is))
  return leaves(was).flatMap(([path, value]) => (Object.is(after.get(path), value) ? [] : [path]))
}

describe.each(paths)("$name", (path) => {
  it("reads every field of the proto into the domain's word for it, and writes it back", () => {
    const lost = new Set<string>()
    for (const message of samples(path)) {
      const value = path.fromProto(toBinary(path.desc, message))
      const expected = without(plain(path.expected(message)), ignored(path))
      for (const field of differing(expected, plain(value))) lost.add(`read: ${field}`)
      const back = fromBinary(path.desc, path.toProto(value))
      for (const field of differing(without(json(path, message), ignored(path)), json(path, back)))
        lost.add(`written: ${field}`)
    }
    expect([...lost]).toEqual([])
  })

  it("keeps any message both ways", () => {
    fc.assert(
      fc.property(messageOf(path.desc, { of: path.of, fields: "some" }), (message) => {
        const value = path.fromProto(toBinary(path.desc, message))
        const expected = plain(path.expected(message))
        expect(plain(value)).toEqual(path === error ? without(expected, derived) : expected)
        const bytes = path.toProto(value)
        expect(without(json(path, fromBinary(path.desc, bytes)), ignored(path))).toEqual(
          without(json(path, message), ignored(path))
        )
        expect(plain(path.fromProto(bytes))).toEqual(plain(value))
      })
    )
  })
})

it("leaves no field of payments.v1 unread", () => {
  const seen = new Set<string>()
  for (const path of paths) for (const message of samples(path)) path.expected(message, (field) => seen.add(field))
  const all = files.flatMap(({ messages }) =>
    messages.flatMap(({ fields, name }) => fields.map((field) => `${name}.${field.name}`))
  )
  expect(all.length).toBeGreaterThan(100)
  expect(all.filter((field) => !seen.has(field))).toEqual([])
})

/** Every property that a schema's type names, with the tags of the unions on the way. */
const propertiesOf = (ast: SchemaAST.AST, path: string): ReadonlyArray<string> => {
  switch (ast._tag) {
    case "Objects": {
      const tag = ast.propertySignatures.find(({ name }) => name === "_tag")?.type
      const tagged = tag?._tag === "Literal" ? `${path}<${tag.literal}>` : path
      return ast.propertySignatures.flatMap(({ name, type }) => {
        const property = `${tagged}.${String(name)}`
        return name === "_tag" ? [] : [property, ...propertiesOf(type, property)]
      })
    }
    case "Union":
      return ast.types.flatMap((type) => propertiesOf(type, path))
    case "Arrays":
      return ast.rest.flatMap((type) => propertiesOf(type, path))
    default:
      return []
  }
}

const presentIn = (value: unknown, path: string): ReadonlyArray<string> => {
  if (Array.isArray(value)) return value.flatMap((item) => presentIn(item, path))
  if (typeof value !== "object" || value === null) return [path]
  const tag = "_tag" in value ? `${path}<${String(value._tag)}>` : path
  return [
    path,
    ...Object.entries(value).flatMap(([key, part]) => (key === "_tag" ? [] : presentIn(part, `${tag}.${key}`)))
  ]
}

describe.each(methods)("$name", (method) => {
  it.each([
    ["request", requestOf(method), method.schema.request],
    ["response", responseOf(method), method.schema.response]
  ] as const)("fills every field of the domain's %s from the proto", (_, path, schema) => {
    const seen = new Set(
      samples(path).flatMap((message) => presentIn(plain(path.fromProto(toBinary(path.desc, message))), ""))
    )
    expect(propertiesOf(SchemaAST.toType(schema.ast), "").filter((property) => !seen.has(property))).toEqual([])
  })
})
