import { movedBy } from "./Claims.ts"
import type { ConnectorId, Exchanged } from "./Faults.ts"
import type { CallMade, Exchange, FlowName, History } from "./History.ts"

/** Flows whose outcome the processor shows to who asks, and the exchange that asks. */
const lookUps: Readonly<Record<ConnectorId, Readonly<Partial<Record<FlowName, Exchanged>>>>> = {
  stripe: { authorize: "list", capture: "read", void: "read", refund: "list" },
  adyen: {},
  paypal: { capture: "read", void: "read", refund: "read", complete: "read" }
}

/** The exchange with which a flow's outcome can be looked up; undefined where the processor gives no way. */
export const lookUpOf = (connector: ConnectorId, flow: FlowName): Exchanged | undefined => lookUps[connector][flow]

/** An exchange in which nothing went wrong, and that showed all there was. */
export const isClean = (exchange: Exchange): boolean =>
  exchange.fault === undefined &&
  !exchange.lagged &&
  !exchange.goesOn &&
  exchange.ended === "answered" &&
  exchange.status === 200

/** How long a look-up may take before the deadline is no excuse, in milliseconds. */
const ample = 20_000

/**
 * Invariant 3: told that the outcome is unknown where the service could have known: the processor had the write before
 * the last look-up began, the look-up was answered as it should be, and still nothing was told.
 */
export const unknownIsRight = (history: History, call: CallMade, now: number): void => {
  const { connector, flow } = call.operation
  const asks = lookUpOf(connector, flow)
  const sent = call.exchanges.filter(({ exchanged }) => exchanged === flow)
  const last = sent.at(-1)
  if (asks === undefined || last === undefined || last.ended === "open" || call.replica.stopping) return
  if (call.deadline !== undefined && call.deadline - now < ample) return
  // a refusal of the access token or of the credentials says nothing, and is told so
  if (
    last.ended === "unauthorized" ||
    call.exchanges.some(({ exchanged, fault }) => exchanged === "token" && fault !== undefined)
  )
    return
  const asked = call.exchanges.filter(({ exchanged, startedAt }) => exchanged === asks && startedAt >= last.endedAt)
  if (asked.length === 0) {
    history.violated(3, call.operation, `told that the outcome of ${flow} is unknown, and the processor was not asked`)
    return
  }
  const answered = asked.findLastIndex(isClean)
  // what came after the first page was read is on none of the later ones
  const pages = asked.slice(0, answered).findLastIndex(({ goesOn }) => !goesOn)
  const before = asked[pages + 1]?.handledAt
  if (answered < 0 || before === undefined) return
  if (movedBy(history, [call]).some(({ at }) => at < before)) {
    history.violated(3, call.operation, `told that the outcome of ${flow} is unknown, and the processor had shown it`)
  }
}
