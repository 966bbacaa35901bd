import type { Delivery, Received, Unverified } from "@connector-service/domain/Delivery"
import { ConnectorError, type Declined, type Overloaded, type Reason, Rejected } from "@connector-service/domain/Reason"
import type { Settlement, Unsettled } from "@connector-service/domain/Settlement"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Tracer from "effect/Tracer"
import type { Call, Input } from "./Call.ts"
import type { Connectors, Options, Target } from "./Connectors.ts"
import { prepare } from "./Prepare.ts"
import type { Proof } from "./Receiving.ts"
import type { Registered, Registry } from "./Registry.ts"
import { ofRepeat } from "./Unknown.ts"

/** What carries calls out, once it is known whose they are. Each effect is made for one run, as it begins. */
export interface Carrying {
  /** Counts a call in, or says why it may not come in now. */
  readonly enter: (call: Call) => Overloaded | undefined
  /** Counts it out. */
  readonly leave: (call: Call) => void
  readonly call: (call: Call, input: Input, now: number) => Effect.Effect<unknown, Reason>
  readonly settle: (call: Call, unsettled: Unsettled) => Effect.Effect<Settlement, Reason>
  readonly identify: (registered: Registered, delivery: Delivery) => Effect.Effect<Unverified, Reason>
  readonly receive: (
    registered: Registered,
    target: Omit<Target, "credentials">,
    delivery: Delivery,
    proof: Proof,
    deadline: number | undefined
  ) => Effect.Effect<Received, Reason>
  readonly stop: Effect.Effect<void>
}

const calls = Metric.counter("connector_calls", {
  description: "Calls by connector, flow and how they ended",
  incremental: true
})
type Count = (connector: string, flow: string, exit: Exit.Exit<unknown, ConnectorError>, fiber: AnyFiber) => void
type AnyFiber = Fiber.Fiber<unknown, unknown>
type Enter = Carrying["enter"]

/** Counts calls to the registered connectors; any other name is the caller's and would make a series of its own. */
const counting = (registry: Registry): Count => {
  const counters = new Map<string, Metric.Counter<number>>()
  return (connector, flow, exit, { context }) => {
    const outcome = Exit.isSuccess(exit)
      ? "answered"
      : Option.match(Exit.findErrorOption(exit), { onNone: () => "interrupted", onSome: ({ reason }) => reason._tag })
    const key = `${connector} ${flow} ${outcome}`
    const known = counters.get(key)
    if (known !== undefined) return known.updateUnsafe(1, context)
    if (outcome === "UnsupportedFlow" || Result.isFailure(registry.connector(connector))) return
    const fresh = Metric.withAttributes(calls, { connector, flow, outcome })
    counters.set(key, fresh)
    fresh.updateUnsafe(1, context)
  }
}

const now = (fiber: AnyFiber): number => fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
const earlier = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)

/** A span, if anyone looks at spans: one that nobody sees costs a seventh of what a call costs us, and its stack trace more. */
const spanned = <A, E>(
  fiber: AnyFiber,
  name: string,
  connector: string,
  effect: Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  fiber.getRef(Tracer.Tracer) === Tracer.nativeTracer
    ? effect
    : Effect.withSpan(name, { attributes: { connector } }, { captureStackTrace: false })(effect)

/** A refusal is an answer where the flow has one for it, and says otherwise that nothing was done. */
const declined = ({ entry }: Call, input: Input, reason: Declined): { readonly answer: unknown } | Rejected => {
  const answer = entry.row.declined(reason, input)
  if (answer !== undefined) return { answer }
  const { rawCode, rawMessage = "" } = reason.decline
  return new Rejected({ httpStatus: 402, rawCode, rawMessage })
}

/**
 * What every call goes through, whatever carries it out: its connector, its flow and its credentials are found, it is
 * counted under a span, a refusal becomes an answer, and why else it went wrong is said as a ConnectorError.
 */
export const makeFront = (
  registry: Registry,
  callLimit: Duration.Duration | undefined,
  carrying: Carrying
): Connectors["Service"] => {
  const count = counting(registry)
  const limit = callLimit && Duration.toMillis(callLimit)
  const deadlineOf = (options: Options | undefined, now: number) => earlier(options?.deadline, limit && now + limit)

  const found = (
    target: Target,
    flow: string,
    options: Options | undefined,
    now: number
  ): Result.Result<Call, Reason> =>
    Result.flatMap(registry.connector(target.connector), (registered) =>
      Result.flatMap(registry.entry(registered, flow), (entry) =>
        Result.map(registered.credentials(target.credentials, target.environment), (credentials) => ({
          target,
          registered,
          entry,
          credentials,
          account: registered.account(target.environment, target.credentials),
          deadline: deadlineOf(options, now)
        }))
      )
    )

  /** What is run once its target is found and it has come in. */
  const entering =
    <A>(
      target: Target,
      flow: string,
      options: Options | undefined,
      run: (call: Call, now: number) => Effect.Effect<A, Reason>
    ) =>
    (now: number, enter: Enter): Effect.Effect<A, Reason> => {
      const call = found(target, flow, options, now)
      if (Result.isFailure(call)) return Effect.fail(call.failure)
      const full = enter(call.success)
      return full === undefined ? run(call.success, now) : Effect.fail(full)
    }

  /** Counted, under a span. */
  const observed = <A>(
    connector: string,
    flow: string,
    run: (now: number, enter: Enter) => Effect.Effect<A, Reason>,
    otherwise: (reason: Reason, now: number, entered: Call | undefined) => Exit.Exit<A, Reason> = Exit.fail
  ): Effect.Effect<A, ConnectorError> =>
    Effect.withFiber((fiber: AnyFiber) => {
      let entered: Call | undefined
      const enter: Enter = (call) => {
        const full = carrying.enter(call)
        if (full === undefined) entered = call
        return full
      }
      // whoever comes in leaves: there is no moment between the two for an interruption
      const running = Effect.onExit(
        Effect.suspend(() =>
          Effect.catchEager(run(now(fiber), enter), (reason): Effect.Effect<A, ConnectorError> => {
            const told = otherwise(reason, now(fiber), entered)
            return Exit.mapError(told, (reason) => new ConnectorError({ connector, flow, reason }))
          })
        ),
        (exit) => {
          if (entered !== undefined) carrying.leave(entered)
          count(connector, flow, exit, fiber)
          return Effect.void
        }
      )
      return spanned(fiber, flow, connector, running)
    })

  return {
    call: (target, service, method, given, options) => {
      const flow = `${service}.${method}`
      // the row's own request and response: see Entry.row
      const input = given as Input
      const carried = observed<unknown>(
        target.connector,
        flow,
        entering(target, flow, options, (call, now) => carrying.call(call, input, now)),
        (reason, now, call) => {
          const told = call !== undefined && reason._tag === "Declined" ? declined(call, input, reason) : reason
          return "answer" in told ? Exit.succeed(told.answer) : Exit.fail(ofRepeat(flow, input, told, now))
        }
      )
      return carried as Effect.Effect<never, ConnectorError>
    },
    prepare: (target, service, method, input) => {
      const { connector } = target
      const flow = `${service}.${method}`
      return Effect.withFiber((fiber) =>
        Effect.mapBoth(
          Effect.flatMap(Effect.fromResult(found(target, flow, undefined, now(fiber))), (call) =>
            prepare(call, input as Input, now(fiber))
          ),
          {
            onFailure: (reason) => new ConnectorError({ connector, flow, reason }),
            onSuccess: (request) => Redacted.make(request)
          }
        )
      )
    },
    settle: (target, { unsettled }, options) =>
      observed(
        target.connector,
        "settlement.settle",
        entering(target, unsettled.flow, options, (call) => carrying.settle(call, unsettled))
      ),
    identify: (connector, delivery) =>
      Effect.mapError(
        Effect.flatMap(Effect.fromResult(registry.connector(connector)), (registered) =>
          carrying.identify(registered, delivery)
        ),
        (reason) => new ConnectorError({ connector, flow: "webhook.identify", reason })
      ),
    receive: (target, delivery, proof, options) =>
      observed(target.connector, "webhook.receive", (now) =>
        Effect.flatMap(Effect.fromResult(registry.connector(target.connector)), (registered) =>
          carrying.receive(registered, target, delivery, proof, deadlineOf(options, now))
        )
      ),
    stop: carrying.stop,
    list: registry.all,
    get: (id) =>
      Effect.mapError(
        Effect.fromResult(Result.map(registry.connector(id), ({ abilities }) => abilities)),
        (reason) => new ConnectorError({ connector: id, flow: "connector.get", reason })
      )
  }
}
