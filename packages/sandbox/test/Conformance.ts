import { type Check, checks } from "@connector-service/conformance/Check"
import type { HttpReply, HttpRequest, OpenApi } from "@connector-service/conformance/OpenApi"
import { specsAvailable, specsDir } from "@connector-service/conformance/Specs"
import { describe, expect, type TestContext, test } from "vitest"

/** A reply of the sandbox, and the request that it answers. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly text: string
}

/** A status, and how to get a reply that has it. */
export type Kind<Client, Got> = readonly [status: number, make: (client: Client) => Promise<Got>]

/** One processor of the sandbox and what it publishes. */
export interface Published<Client, Got extends Received> {
  readonly connector: string
  readonly api: () => Pick<OpenApi, "operation" | "checkRequest" | "checkReply">
  readonly client: () => Client
  /** Whether a field that is not published is a difference. */
  readonly strict: (got: Got) => boolean
  /** The request as it was sent; without it only replies are checked. */
  readonly request?: (got: Got) => HttpRequest
}

const present = specsAvailable()
if (!present) console.warn(`Skipped: no published specifications in ${specsDir()} (set SPECS_DIR)`)

/** A suite that needs the published files; without them it is skipped, saying so (and fails where CI=true). */
export const describeWithSpecs = describe.skipIf(!present)

/** Names the published operation that a check came to be about. */
const about = (
  task: TestContext["task"],
  { method, path }: Received,
  kind: Check["kind"],
  { api, connector }: Pick<Published<never, never>, "api" | "connector">
): void => {
  const operation = api().operation(method, path)
  const flow = operation === undefined ? "nothing published" : `${operation.method} ${operation.template}`
  task.meta.conformance = { connector, flow, kind }
}

/** Checks a reply of each kind, and where asked the request that a success answered, with the published specification. */
export const describeReplies = <Client, Got extends Received>(
  published: Published<Client, Got>,
  kinds: Readonly<Record<string, Kind<Client, Got>>>
): void => {
  const { api, client, connector, request, strict } = published
  const check = (kind: Check["kind"]) => checks({ connector, flow: "not answered", kind })
  describeWithSpecs(`${connector}: published specification`, () => {
    for (const [name, [status, make]] of Object.entries(kinds)) {
      test(name, check("sandbox"), async ({ task }) => {
        const got = await make(client())
        about(task, got, "sandbox", published)
        expect(got.status).toBe(status)
        const reply: HttpReply = { method: got.method, path: got.path, status, body: got.text }
        expect(api().checkReply(reply, { strict: strict(got) })).toEqual([])
      })
      if (request === undefined || status >= 300 || status === 204) continue
      test(`and so does the request: ${name}`, check("request"), async ({ task }) => {
        const got = await make(client())
        about(task, got, "request", published)
        expect(api().checkRequest(request(got))).toEqual([])
      })
    }
  })
}
