import type { Delivery, Received, Unverified } from "@connector-service/domain/Delivery"
import { ConnectorError, type Reason } from "@connector-service/domain/Reason"
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
  readonly call: (call: Call, input: Input) => Effect.Effect<unknown, Reason>
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

/**
 * What every call goes through, whatever carries it out: its connector, its flow and its credentials are found, it is
 * counted under a span, and why it went wrong is said as a ConnectorError.
 */
export const makeFront = (
  registry: Registry,
  callLimit: Duration.Duration | undefined,
  carrying: Carrying
): Connectors["Service"] => {
  const count = counting(registry)
  const limit = callLimit && Duration.toMillis(callLimit)
  const deadlineOf = (options: Options | undefined, fiber: AnyFiber) =>
    earlier(options?.deadline, limit && now(fiber) + limit)

  const found = (
    target: Target,
    flow: string,
    options: Options | undefined,
    fiber: AnyFiber
  ): Result.Result<Call, Reason> =>
    Result.flatMap(registry.connector(target.connector), (registered) =>
      Result.flatMap(registry.entry(registered, flow), (entry) =>
        Result.map(registered.credentials(target.credentials, target.environment), (credentials) => ({
          target,
          registered,
          entry,
          credentials,
          account: registered.account(target.environment, target.credentials),
          deadline: deadlineOf(options, fiber)
        }))
      )
    )

  /** Counted, under a span. */
  const observed = <A>(
    connector: string,
    flow: string,
    run: (fiber: AnyFiber) => Effect.Effect<A, Reason>,
    told: (reason: Reason, fiber: AnyFiber) => Reason = (reason) => reason
  ): Effect.Effect<A, ConnectorError> =>
    Effect.withFiber((fiber: AnyFiber) =>
      spanned(
        fiber,
        flow,
        connector,
        Effect.onExit(
          Effect.catchEager(run(fiber), (reason) =>
            Effect.fail(new ConnectorError({ connector, flow, reason: told(reason, fiber) }))
          ),
          (exit) => {
            count(connector, flow, exit, fiber)
            return Effect.void
          }
        )
      )
    )

  return {
    call: (target, service, method, input, options) => {
      const flow = `${service}.${method}`
      return observed(
        target.connector,
        flow,
        (fiber) => {
          const call = found(target, flow, options, fiber)
          return Result.isFailure(call)
            ? Effect.fail(call.failure)
            : // the row's own request and response: see Entry.row
              (carrying.call(call.success, input as Input) as Effect.Effect<never, Reason>)
        },
        (reason, fiber) => ofRepeat(flow, input as Input, reason, now(fiber))
      )
    },
    prepare: (target, service, method, input) => {
      const { connector } = target
      const flow = `${service}.${method}`
      return Effect.withFiber((fiber) =>
        Effect.mapBoth(
          Effect.flatMap(Effect.fromResult(found(target, flow, undefined, fiber)), (call) =>
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
      observed(target.connector, "settlement.settle", (fiber) => {
        const call = found(target, unsettled.flow, options, fiber)
        return Result.isFailure(call) ? Effect.fail(call.failure) : carrying.settle(call.success, unsettled)
      }),
    identify: (connector, delivery) =>
      Effect.mapError(
        Effect.flatMap(Effect.fromResult(registry.connector(connector)), (registered) =>
          carrying.identify(registered, delivery)
        ),
        (reason) => new ConnectorError({ connector, flow: "webhook.identify", reason })
      ),
    receive: (target, delivery, proof, options) =>
      observed(target.connector, "webhook.receive", (fiber) =>
        Effect.flatMap(Effect.fromResult(registry.connector(target.connector)), (registered) =>
          carrying.receive(registered, target, delivery, proof, deadlineOf(options, fiber))
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
