import { consequenceOf } from "@connector-service/domain/Consequence"
import type { Reason } from "@connector-service/domain/Reason"
import type { Settlement } from "@connector-service/domain/Settlement"
import type { Value } from "../Claims.ts"
import type { CallMade } from "../History.ts"

/** How a call ended for its client. */
export type Outcome =
  | { readonly _tag: "Answer"; readonly value: Value }
  | { readonly _tag: "Error"; readonly reason: Reason }
  | { readonly _tag: "Settlement"; readonly settlement: Settlement }
  /** The client was gone by then. */
  | { readonly _tag: "Nothing" }

/** What a client was told, and when, in milliseconds since 1970. */
export interface Told {
  readonly call: CallMade
  readonly at: number
  readonly outcome: Outcome
}

/** All that clients did and were told. */
export interface Log {
  readonly calls: Array<CallMade>
  readonly told: Array<Told>
}

/** Whether a call that ended so may have moved money, and did not even find what it made. */
export const leavesUnknown = (reason: Reason): boolean =>
  consequenceOf(reason).moneyMoved === "UNKNOWN" && !("found" in reason && reason.found !== undefined)
