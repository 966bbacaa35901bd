import type { AnyConnector } from "@connector-service/connectors/Connector"
import { Connectors, type Options, type Target } from "@connector-service/connectors/Connectors"
import type { ConnectorError } from "@connector-service/domain/Reason"
import type { RequestOf } from "@connector-service/domain/Services"
import { Effect, Exit, Option } from "effect"
import { TestClock } from "effect/testing"
import { ended, over, type Stub, start } from "./Stub.ts"
import { decoded } from "./Table.ts"

type Authorize = RequestOf<"payment", "authorize">

/** A card payment of 10.00 EUR, with fields replaced. */
export const authorize = (more: object = {}): Authorize =>
  // the flow's own schema decoded it
  decoded("payment.authorize", {
    reference: "order-1",
    amount: { minorUnits: 1000n, currencyCode: "EUR" },
    captureMethod: "MANUAL",
    returnUrl: "https://shop.example/back",
    // docs.stripe.com/testing
    paymentMethod: { _tag: "Card", number: "4242424242424242", expiryMonth: 8, expiryYear: 2040, cvc: "737" },
    ...more
  }) as unknown as Authorize

const credentials = { secret: "made-up-secret" }

/** A call to one of acme's relatives. */
export const targetOf = ({ id }: AnyConnector, over: Partial<Target> = {}): Target => ({
  connector: id,
  environment: "sandbox",
  credentials,
  ...over
})

/** Fields of the write, and how the call is made. */
export interface CallInput {
  readonly target?: Partial<Target>
  readonly options?: Options
  readonly [field: string]: unknown
}

/** `"write"` authorizes, `"read"` asks for a payment. */
export const calling = (
  connector: AnyConnector,
  kind: "read" | "write",
  { target, options, ...more }: { readonly target?: Partial<Target>; readonly options?: Options } & object = {}
) =>
  Effect.flatMap(Connectors, (sender) =>
    kind === "write"
      ? sender.call(targetOf(connector, target), "payment", "authorize", authorize(more), options)
      : sender.call(targetOf(connector, target), "payment", "get", { paymentId: "c_1" }, options)
  )

/** How such a call ends over a stub, from the start of tests' time, when as much time passes as it wants. */
export const outcome = (
  processor: Stub,
  connector: AnyConnector,
  kind: "read" | "write" = "write",
  input: CallInput = {}
) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(start)
    return result(yield* ended(calling(connector, kind, input)))
  }).pipe(Effect.provide(over(processor, [connector])))

/** The answer, or the reason with what it means. */
export const result = <A>(exit: Exit.Exit<A, ConnectorError>) => {
  if (Exit.isSuccess(exit)) return { answer: exit.value }
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  return error === undefined
    ? { interrupted: true }
    : { reason: error.reason, moneyMoved: error.consequence.moneyMoved }
}

/** A charge of acme's relatives. */
export const charge = (over: object = {}) => ({
  status: 200,
  body: { id: "c_1", state: "held", units: 1000, currency: "EUR", reference: "order-1", ...over }
})
/** A page of charges. */
export const page = (data: ReadonlyArray<object>, more = false) => ({ status: 200, body: { data, more } })
/** A refusal with a code. */
export const refusal = (status: number, code: string, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  body: { code, detail: "No." },
  headers
})
