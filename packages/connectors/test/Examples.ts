import { checks } from "@connector-service/conformance/Check"
import { specsAvailable, specsDir } from "@connector-service/conformance/Specs"
import { type AnyConnector, flowsOf } from "@connector-service/connectors/Connector"
import type { Conflict, Reply } from "@connector-service/connectors/Reply"
import type { Reason } from "@connector-service/domain/Reason"
import { Effect, Result } from "effect"
import { describe, expect, it } from "vitest"
import { revealed } from "./Revealed.ts"
import { textOf } from "./Stub.ts"
import { decoded } from "./Table.ts"

/** A reply to a flow. */
export interface Reading {
  readonly flow: string
  /** What of the request the reader looks at. */
  readonly input?: object
  /** 200 unless said; one of 400 to 499 is read as a refusal. */
  readonly status?: number
  /** Made when it is read, as the published files may be absent; one that is not text is written as JSON. */
  readonly body: () => unknown
}

/** A published example of a reply, and what it is to a caller. */
export interface Example extends Reading {
  /** The answer or the reason, whole; a part of it by `expect.objectContaining`. */
  readonly means: unknown
}

type Reader = (reply: Reply, call: never) => Effect.Effect<unknown, Reason | Conflict>

const readerOf = (connector: AnyConnector, { flow, status = 200 }: Reading): Reader => {
  if (status >= 400) return connector.rejection
  const row = flowsOf(connector).find(({ name }) => name === flow)
  if (row === undefined) throw new Error(`${connector.id} has no flow ${flow}`)
  return row.flow.response
}

/** What a flow's reader makes of a reply: its answer, or its reason. */
export const read = (connector: AnyConnector, reading: Reading): unknown => {
  const { body, input = {}, status = 200 } = reading
  const reply = { status, headers: {}, text: textOf(body()) }
  // these readers look at the reply and the input alone
  const outcome = Effect.runSync(Effect.result(readerOf(connector, reading)(reply, { input } as never)))
  return Result.isSuccess(outcome) ? outcome.success : outcome.failure
}

/** The JSON body that a flow sends for an input, as its own schema decodes it; undefined without one. */
export const sentBy = (connector: AnyConnector, flow: string, encoded: object, credentials: object): unknown => {
  const row = flowsOf(connector).find(({ name }) => name === flow)
  if (row === undefined) throw new Error(`${connector.id} has no flow ${flow}`)
  // the input is of this flow: its own schema decoded it
  const request = Effect.runSync(row.flow.request({ input: decoded(flow, encoded), credentials } as never))
  return request.body._tag === "Uint8Array" ? JSON.parse(new TextDecoder().decode(request.body.body)) : undefined
}

/** An input that says what a published request does. */
export interface Like {
  readonly input: object
  /** Fields that we send otherwise, and why. */
  readonly instead?: object
  readonly because?: string
}

const present = specsAvailable()
if (!present) console.warn(`Skipped: no published specifications in ${specsDir()} (set SPECS_DIR)`)

/** A suite that needs the published files; without them it is skipped, saying so (and fails where CI=true). */
export const describeWithSpecs = describe.skipIf(!present)

/** Reads each published example through its flow's reader, and holds what it means against the table. */
export const describeExamples = (connector: AnyConnector, examples: Readonly<Record<string, Example>>): void => {
  describeWithSpecs("published examples", () => {
    for (const [name, example] of Object.entries(examples)) {
      it(name, checks({ connector: connector.id, flow: example.flow, kind: "example" }), () => {
        expect(revealed(read(connector, example))).toEqual(revealed(example.means))
      })
    }
  })
}
