import { Connectors } from "@connector-service/connectors/Connectors"
import { catalog } from "@connector-service/connectors/catalog"
import * as UndiciClient from "@connector-service/connectors/UndiciClient"
import { input } from "@connector-service/domain/Input"
import { services } from "@connector-service/domain/Services"
import { Effect, Layer, ManagedRuntime, Result } from "effect"
import { answer } from "./Answering.ts"
import { credentials, payment } from "./Payment.ts"
import { type Stretch, type Tallied, Tally } from "./Tally.ts"

const runtimeAt = (origin: string) =>
  ManagedRuntime.make(
    Connectors.layer(catalog, { baseUrls: { stripe: { sandbox: origin } } }).pipe(Layer.provide(UndiciClient.layer()))
  )

const target = { connector: "stripe", environment: "sandbox", credentials } as const
const request = Result.getOrThrow(input(services.payment.authorize.request)(payment))

const authorize = Effect.gen(function* () {
  const connectors = yield* Connectors
  return connectors.call(target, "payment", "authorize", request)
})

const many = ({ concurrency, millis }: Stretch): Effect.Effect<Tallied, never, Connectors> =>
  Effect.gen(function* () {
    const tally = new Tally({ concurrency, millis })
    const call = Effect.match(yield* authorize, {
      onFailure: () => false,
      onSuccess: ({ status }) => status === "AUTHORIZED"
    })
    const worker = Effect.gen(function* () {
      for (let more = true; more; ) {
        const began = tally.begin()
        more = tally.end(began, yield* call)
      }
    })
    yield* Effect.replicateEffect(worker, concurrency, { concurrency, discard: true })
    return tally.tallied
  })

let runtime: ReturnType<typeof runtimeAt> | undefined

const questions = {
  /** Prepares the connectors; `origin` is where the processor is. */
  prepare: async (origin: string): Promise<void> => {
    runtime = runtimeAt(origin)
    await runtime.runPromise(Connectors)
  },
  /** Keeps so many calls under way for so long. */
  many: (stretch: Stretch): Promise<Tallied> =>
    runtime === undefined ? Promise.reject(new Error("not prepared")) : runtime.runPromise(many(stretch))
}
/** The questions of the process that calls the connectors in itself. */
export type InProcess = typeof questions

answer(questions)
