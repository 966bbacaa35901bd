import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { type AnyConnector, capabilities } from "@connector-service/connectors/Connector"
import { catalog } from "@connector-service/connectors/catalog"
import { consequences } from "@connector-service/domain/Consequence"
import { declines } from "@connector-service/domain/Decline"
import { help } from "@connector-service/server/Config"
import { statuses } from "@connector-service/server/Status"
import { Schema } from "effect"
import { Status } from "nice-grpc-common"
import { api } from "./Api.ts"
import { contract } from "./Contract.ts"
import { code, table } from "./Markdown.ts"
import { sdk } from "./Sdk.ts"

const codes = (texts: ReadonlyArray<string>): string => texts.map(code).join(" ")

const errors = `# Errors

Every call ends in an answer or in one of these reasons. A decline is an answer: status DECLINED with its details. Over gRPC a reason is a \`google.rpc.Status\` whose details hold \`google.rpc.ErrorInfo\` (its \`reason\` is the name below, its \`domain\` is \`payments.v1\`) and \`payments.v1.ConnectorError\`; where they apply also \`BadRequest\`, \`RetryInfo\`, and \`payments.v1.Unsettled\`. Over Effect RPC it is the \`reason\` of a \`ConnectorError\`.

A reason speaks of the call that ended with it. A write that is repeated says so with \`first_sent_at\`.

${table(
  ["reason", "money moved", "same call again", "fault", "gRPC status", "what to do next"],
  Object.entries(consequences)
    .filter(([tag]) => tag !== "Declined")
    .map(([tag, { fault, moneyMoved, nextStep, retryable }]) => [
      tag,
      moneyMoved,
      retryable ? "yes" : "no",
      fault.toLowerCase(),
      // the keys of consequences are the reasons' tags
      Status[statuses[tag as keyof typeof statuses]] ?? "",
      nextStep
    ])
)}

\`Duplicate\` says YES or NO where what was found tells.
`

const declined = `# Decline codes

What \`decline.code\` may be, whether it is worth trying again, what the caller may do, and a sentence fit for the payer. The processor's own code and words are beside them in \`raw_code\` and \`raw_message\`.

${table(
  ["code", "kind", "action", "for the payer"],
  Object.entries(declines).map(([tag, { action, kind, payerMessage }]) => [tag, kind, action, payerMessage])
)}
`

const settlings = {
  LOOK_UP: "look-up",
  LIST: "list",
  REPLAY: "replay within the call, then webhook",
  AWAIT_WEBHOOK: "webhook"
} as const

const webhookOf = ({ webhook }: AnyConnector): string => {
  if (webhook === undefined) return "No webhooks."
  const { body, status } = webhook.acknowledgement
  const secret = JSON.stringify(Schema.toJsonSchemaDocument(webhook.secret).schema)
  const answer = body === undefined ? String(status) : `${status} with ${code(body)}`
  return `Webhooks are acknowledged with ${answer}. The JSON Schema of a secret: ${code(secret)}`
}

const connectors = `# Connectors

What each connector can do. \`ConnectorService.List\` and \`Get\` answer the same of its flows, with the policies in force and the credentials' JSON Schema.

${catalog
  .map(
    (connector) => `## ${connector.id}

${table(
  ["flow", "kind", "payment methods", "required fields", "unknown outcomes are settled by"],
  capabilities(connector).map(({ kind, name, paymentMethods, requiredFields, settling }) => [
    code(name),
    kind.toLowerCase(),
    codes(paymentMethods),
    codes(requiredFields),
    settling === undefined ? "" : settlings[settling]
  ])
)}

${webhookOf(connector)}
`
  )
  .join("\n")}`

const configuration = `# Configuration of the server

Environment variables; an empty one counts as absent. A value that cannot be used ends the start with one line that names the key. This is what \`--help\` prints:

\`\`\`text
${help(catalog).trimEnd()}
\`\`\`
`

const made = { api: api(contract), sdk: sdk(fileURLToPath(new URL("../../sdk/", import.meta.url))) }
const problems = Object.values(made).flatMap((page) => page.problems)

/** What `npm run docs` writes, and `--check` compares. */
const pages = { api: made.api.text, errors, declines: declined, connectors, configuration, sdk: made.sdk.text }
const stale: Array<string> = []
if (problems.length === 0) {
  for (const [name, text] of Object.entries(pages)) {
    const path = new URL(`../../../docs/reference/${name}.md`, import.meta.url)
    if (!process.argv.includes("--check")) writeFileSync(path, text)
    else if (!existsSync(path) || readFileSync(path, "utf8") !== text) stale.push(`docs/reference/${name}.md`)
  }
}
if (stale.length > 0) problems.push(`${stale.join(", ")}: not what the code says; run npm run docs`)
if (problems.length > 0) {
  console.error(`${problems.join("\n")}.`)
  process.exitCode = 1
}
