import { adyen } from "@connector-service/connectors/adyen/connector"
import { policyOf } from "@connector-service/connectors/Configuration"
import { type AnyConnector, flowsOf } from "@connector-service/connectors/Connector"
import { defaults, problemOf } from "@connector-service/connectors/Policy"
import { paypal } from "@connector-service/connectors/paypal/connector"
import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Random } from "effect"
import { keyed } from "./acme/keyed.ts"
import { outcome } from "./Sending.ts"
import { broken, stub } from "./Stub.ts"

/** The milliseconds between the sendings of a write that is refused each time, where every draw gives `random`. */
const delays = (random: number) =>
  Effect.gen(function* () {
    const processor = stub(() => broken.refused)
    yield* outcome(processor, patient)
    return processor.sent.slice(1).map(({ at }, index) => at - (processor.sent[index]?.at ?? 0))
  }).pipe(Effect.provideService(Random.Random, { nextDoubleUnsafe: () => random, nextIntUnsafe: () => 0 }))

const retry = { times: 4, first: Duration.millis(200), cap: Duration.millis(1000) }
const patient = { ...keyed, policy: { write: { retry } } }

describe("a policy", () => {
  // "full jitter", https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/:
  // sleep = random_between(0, min(cap, base * 2 ** attempt))
  it.effect("draws each delay between zero and its full length, which doubles up to the cap", () =>
    Effect.gen(function* () {
      expect(yield* delays(0)).toEqual([0, 0, 0, 0])
      expect(yield* delays(0.5)).toEqual([100, 200, 400, 500])
      expect(yield* delays(1)).toEqual([200, 400, 800, 1000])
    })
  )

  // the answer is due the margin before the deadline, and an exchange has all of its own time until then
  it("has room for a whole exchange and the answer margin within the longest call", () => {
    const policy = { ...defaults.write, timeout: Duration.seconds(80), answerMargin: Duration.millis(250) }
    expect(problemOf(policy, Duration.millis(80_249))).toMatchObject({ field: "timeout" })
    expect(problemOf(policy, Duration.millis(80_250))).toBeUndefined()
  })

  it("has no wait that is longer than a call may be", () => {
    const limit = Duration.seconds(100)
    const long = Duration.hours(2)
    const { retry, settle } = defaults.write
    for (const [field, change] of [
      ["leastTime", { leastTime: Duration.seconds(100) }],
      ["retry.first", { retry: { ...retry, first: long } }],
      ["retry.cap", { retry: { ...retry, cap: long } }],
      ["settle.patience", { settle: { ...settle, patience: long } }]
    ] as const) {
      expect(problemOf({ ...defaults.write, ...change }, limit)).toMatchObject({ field })
    }
  })

  it("looks nothing up within the call where there is nothing to look up", () => {
    const looksUp = (connector: AnyConnector) =>
      flowsOf(connector).map(({ flow, kind, name }) => [
        name,
        policyOf(connector, {}, kind, { name, flow }).settle.times > 0
      ])
    expect(Object.fromEntries(looksUp(paypal))).toMatchObject({ "payment.authorize": false, "payment.capture": true })
    expect(looksUp(adyen).some(([, any]) => any)).toBe(false)
  })
})
