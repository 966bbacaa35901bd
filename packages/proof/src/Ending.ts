import { Duration, Effect } from "effect"
import type { Open } from "./Caller.ts"
import { movedBy, moves } from "./Claims.ts"
import { isKeyed } from "./Faults.ts"
import type { Account, History, Money, Operation } from "./History.ts"
import { retentionOf } from "./Keys.ts"
import { nameOfEnd, type Stage } from "./Stage.ts"
import { lookUpOf } from "./Unknown.ts"

/**
 * After so long, what the processors promise to show is shown: Stripe's searches lag an hour at most, and the clocks of two
 * replicas, one of which sent and the other of which asks, are ten minutes apart at most.
 */
export const shown = Duration.minutes(80)

/** Flows of Stripe of which not being found proves something, in time. */
const conclusive = new Set(["authorize", "capture", "refund"])

/** The rest of invariant 3: what stayed unknown is found out once the weather is calm, and is the truth. */
export const settleAll = Effect.fnUntraced(function* (stage: Stage, open: ReadonlyArray<Open>): Effect.fn.Return<void> {
  for (const { calls, input, unsettled } of open) {
    // longer than any circuit stays open
    yield* Effect.sleep("1 minute")
    const { attempt, operation } = calls
    const { connector, flow } = operation
    const { history, world } = stage
    const mine = history.calls.filter((call) => call.operation === operation && call.attempt === attempt)
    const taken = movedBy(history, mine).length > 0
    const payment = unsettled?.paymentId ?? ("paymentId" in input ? String(input.paymentId) : "")
    const possible = flow !== "capture" || history.of(payment, "authorization").length > 0
    if (unsettled !== undefined && lookUpOf(connector, flow) !== undefined) {
      const settlement = yield* stage.settle(calls, unsettled)
      const is = nameOfEnd(settlement)
      if (is === "AmountMismatch") continue
      if (taken && is !== "Taken") history.violated(3, operation, `taken, and settled as ${is}`)
      if (!taken && possible && connector === "stripe" && conclusive.has(flow) && is !== "NotTaken" && is !== "Taken") {
        history.violated(3, operation, `not taken, and settled as ${is} when all must be shown`)
      }
      continue
    }
    const age = world.now - (calls.firstSentAt ?? 0)
    if (flow === "get" || !isKeyed(connector, flow) || age >= retentionOf(connector, flow)) continue
    // a capture of what was never authorized cannot be sent, and so asks the processor nothing
    if (!possible) continue
    const told = yield* stage.call(calls, input)
    // what it stored was an error of its own, or that another request went before, and it will never say more
    if ((history.exchanges.findLast(({ exchanged }) => exchanged === flow)?.status ?? 0) >= 400) continue
    if (told._tag === "Error" && told.error.reason._tag === "UnknownOutcome") {
      history.violated(3, operation, "the same call again told nothing, and nothing went wrong")
    }
  }
})

const sum = (entries: ReadonlyArray<Money>): number => entries.reduce((total, { amount }) => total + amount, 0)

/** What there may be one of. */
const nameOf = ({ account, connector, flow, reference }: Operation): string =>
  `${connector} ${account} ${flow} ${reference}`

/** Invariant 1: money moves at the account whose call it was. */
const atItsAccount = (history: History): void => {
  const owners = new Map<string, Account>()
  for (const { account, connector, exchange } of history.money) {
    if (exchange === undefined) continue
    const { operation } = exchange.call
    const name = `${connector} ${account}`
    if ((owners.get(name) ?? operation.account) !== operation.account) {
      history.violated(1, operation, `money was moved at ${account}, which is another's account`)
    }
    owners.set(name, operation.account)
  }
}

/** Invariant 1. */
const once = (history: History): void => {
  const operations = new Set(history.calls.map(({ operation }) => operation))
  const made = (operation: Operation) =>
    history.money.filter(({ exchange, kind, payment }) => {
      if (operation.flow !== "authorize")
        return exchange?.call.operation === operation && moves[operation.flow].includes(kind)
      const of = history.payments.get(payment)?.operation
      return of !== undefined && nameOf(of) === nameOf(operation)
    })
  const references = new Set<string>()
  for (const operation of operations) {
    const { broke, connector, flow } = operation
    if (broke !== undefined || flow === "get" || flow === "complete" || references.has(nameOf(operation))) continue
    references.add(nameOf(operation))
    const money = made(operation)
    const parts =
      flow === "authorize"
        ? new Set(
            money.filter(({ kind }) => kind === "authorization" || kind === "capture").map(({ payment }) => payment)
          )
        : new Set(money.map((_, place) => place))
    if (parts.size > 1) history.violated(1, operation, `${parts.size} times at ${connector} under one reference`)
  }
}

/** Invariant 4. */
const inBounds = (history: History, operations: ReadonlyMap<string, Operation>): void => {
  for (const [payment, operation] of operations) {
    const [authorized, captured, refunded] = (["authorization", "capture", "refund"] as const).map((kind) =>
      sum(history.of(payment, kind))
    ) as [number, number, number]
    if (refunded > captured) history.violated(4, operation, `${refunded} refunded of ${captured} captured`)
    // a processor that reserved less than was asked, which is a fault, may still give it all
    const asked = history.calls.find((call) => call.operation === operation && call.asked !== undefined)?.asked ?? 0
    // who captures twice may have it: PayPal lets captures come to 115 % (the published file, MAX_CAPTURE_AMOUNT_EXCEEDED)
    const twice = history.calls.some(
      ({ operation: { broke, connector, flow, order } }) =>
        connector === "paypal" && flow === "capture" && order === operation.order && broke !== undefined
    )
    if (authorized > 0 && captured > Math.max(authorized, asked) * (twice ? 1.15 : 1)) {
      history.violated(4, operation, `${captured} captured of ${authorized} authorized`)
    }
  }
}

/** The rest of invariant 2: that no money moved, which only the end shows. */
const neverMoved = (history: History): void => {
  for (const { at, calls, operation, payment, why } of history.never) {
    const moved =
      payment === undefined
        ? movedBy(history, calls).filter(({ exchange }) => exchange !== undefined && exchange.startedAt <= at)
        : history.money.filter((entry) => entry.payment === payment && entry.kind !== "void")
    const [first] = moved
    if (first === undefined) continue
    const invariant = why.startsWith("settled") ? 3 : 2
    history.violated(invariant, operation, `${why}, and a ${first.kind} of ${first.amount} was made`)
  }
}

/** Invariants 1, 2 and 4 at the end of a scenario, and of 6 that nothing still runs. */
export const holdAtTheEnd = (history: History): void => {
  once(history)
  atItsAccount(history)
  inBounds(history, new Map([...history.payments].map(([id, { operation }]) => [id, operation])))
  neverMoved(history)
  for (const { call, ended, exchanged } of history.exchanges) {
    if (ended === "open" && !call.replica.dead) history.violated(6, call.operation, `a ${exchanged} is still running`)
  }
}
