import { checks } from "@connector-service/conformance/Check"
import { decodeForm } from "@connector-service/conformance/Form"
import { type CapturedRequest, captureRequests } from "@connector-service/conformance/Interceptor"
import type { AnyConnector } from "@connector-service/connectors/Connector"
import { Connectors, type Target } from "@connector-service/connectors/Connectors"
import type { RequestOf } from "@connector-service/domain/Services"
import type { Unsettled } from "@connector-service/domain/Settlement"
import { expect, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import { describe } from "vitest"
import { type Answer, ended, over, start, stub } from "./Stub.ts"
import { decoded } from "./Table.ts"

/** What is compared: a connector with an official SDK, and how both are answered. */
export interface Beside {
  readonly connector: AnyConnector
  /** Credentials as the connector's schema encodes them: those that the SDK has. */
  readonly credentials: (environment: Target["environment"]) => object
  /** The processor's answer to both: a refusal, but of what must come before the call's own request. */
  readonly answer: (url: URL) => Answer
  /** Headers of this processor's that may differ, and why, names in lower case. */
  readonly mayDiffer: Readonly<Record<string, string>>
}

/** A write of which only this is known any more, sent when tests' time begins. */
export type Lost = Partial<Omit<Unsettled, "flow" | "firstSentAt">> & Pick<Unsettled, "reference">

/** A call of ours, with an input or to settle a lost write, and the same call in the SDK's own words. */
export type Pair = {
  readonly flow: string
  /** What the report counts it under, where that is not the flow. */
  readonly about?: string
  readonly environment?: Target["environment"]
  readonly sdk: () => Promise<unknown>
} & ({ readonly input: object } | { readonly lost: Lost })

/** Headers of any client that may differ, and why. */
const clients: Readonly<Record<string, string>> = {
  "accept-encoding": "the client's own",
  connection: "the client's own",
  "content-length": "counted when it is sent, and of another encoding of the same body",
  host: "the client's own",
  "user-agent": "the SDK names itself",
  b3: "the client's own, for tracing",
  traceparent: "the client's own, for tracing"
}

const mediaType = (contentType = ""): string => contentType.split(";")[0] ?? ""

/** A body as its recipient understands it, by its content type. */
const meaning = (contentType: string, body: string): unknown => {
  if (body === "") return undefined
  if (contentType === "application/x-www-form-urlencoded") return decodeForm(body)
  return contentType === "application/json" ? JSON.parse(body) : body
}

type Seen = Pick<CapturedRequest, "method" | "url" | "headers" | "body">

const told = ({ body, headers, method, url: href }: Seen, mayDiffer: Beside["mayDiffer"]): unknown => {
  const url = new URL(href)
  const contentType = mediaType(headers["content-type"])
  const compared = Object.entries({ ...headers, "content-type": contentType })
    .filter(([name]) => clients[name] === undefined && mayDiffer[name] === undefined)
    // of bodies only: an SDK may name a type also where it sends none
    .filter(([name]) => name !== "content-type" || body !== "")
  return JSON.parse(
    JSON.stringify({
      method,
      url: `${url.origin}${url.pathname}`,
      query: decodeForm(url.search.slice(1)),
      headers: Object.fromEntries(compared.toSorted()),
      body: meaning(contentType, body)
    })
  )
}

const call = (sender: Connectors["Service"], target: Target, pair: Pair): Effect.Effect<unknown, unknown> => {
  if ("lost" in pair) {
    const unsettled = { attempt: 1, ...pair.lost, flow: pair.flow, firstSentAt: DateTime.makeUnsafe(start) }
    return sender.settle(target, { unsettled })
  }
  const [service, method] = pair.flow.split(".")
  // the input is of this flow: its own schema decoded it
  const input = decoded(pair.flow, pair.input) as unknown as RequestOf<"payment", "get">
  return sender.call(target, service as "payment", method as "get", input)
}

const sentByUs = ({ answer, connector, credentials, mayDiffer }: Beside, pair: Pair) => {
  const processor = stub(({ url }) => answer(url))
  const { environment = "sandbox" } = pair
  const target = { connector: connector.id, environment, credentials: credentials(environment) }
  return Effect.gen(function* () {
    yield* TestClock.setTime(start)
    yield* ended(call(yield* Connectors, target, pair))
    return processor.sent.map(({ url, ...sent }) => told({ ...sent, url: url.href }, mayDiffer))
  }).pipe(Effect.provide(over(processor, [connector])))
}

const sentBySdk = ({ answer, mayDiffer }: Beside, { sdk }: Pair) =>
  Effect.promise(async () => {
    const requests = await captureRequests(sdk, ({ url }) => ({ body: "", ...answer(new URL(url)) }))
    return requests.map((request) => told(request, mayDiffer))
  })

/**
 * Compares what we send with what the official SDK sends for the same call, request by request: method, address and
 * query, every header that is not excused, and the body by its meaning (JSON parsed, forms decoded).
 */
export const describeWire = (beside: Beside, pairs: Readonly<Record<string, Pair>>): void => {
  describe("the same requests as the official SDK's", () => {
    for (const [name, pair] of Object.entries(pairs)) {
      it.effect(
        name,
        () =>
          Effect.gen(function* () {
            const theirs = yield* sentBySdk(beside, pair)
            const ours = yield* sentByUs(beside, pair)
            expect(theirs.length).toBeGreaterThan(0)
            // what follows is a question of ours about what was refused
            expect(ours.slice(0, theirs.length)).toEqual(theirs)
          }),
        checks({ connector: beside.connector.id, flow: pair.about ?? pair.flow, kind: "wire" })
      )
    }
  })
}
