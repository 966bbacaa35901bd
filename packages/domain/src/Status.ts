import type { PaymentStatus } from "./Payment.ts"
import type { Found } from "./Settlement.ts"

/** Statuses of payments that took nothing. */
export const nothingTaken: ReadonlySet<PaymentStatus> = new Set(["VOIDED", "DECLINED", "FAILED", "EXPIRED"])

/** Statuses of payments, captures and refunds of which nothing came. */
const nothingCame: ReadonlySet<string> = new Set([...nothingTaken, "CANCELLED"])
const took: ReadonlySet<string> = new Set(["AUTHORIZED", "PARTIALLY_CAPTURED", "CAPTURED", "SUCCEEDED"])

/** The status of what was found. */
export const statusOf = (found: Found): string =>
  found._tag === "Payment"
    ? found.payment.status
    : found._tag === "Capture"
      ? found.capture.status
      : found.refund.status

/** Whether what was found has come to its end, so that nothing that is asked of it now can still be done to it. */
export const isOver = (found: Found): boolean =>
  found._tag === "Payment" ? found.payment.final : ended.has(statusOf(found))
const ended = new Set(["SUCCEEDED", "FAILED", "CANCELLED"])

/** Whether what was found took or gave back anything, as far as its status tells. */
export const movedBy = (found: Found): "NO" | "YES" | "UNKNOWN" => {
  const status = statusOf(found)
  return took.has(status) ? "YES" : nothingCame.has(status) ? "NO" : "UNKNOWN"
}

/** Whether what was found has surely taken or given back nothing so far. */
export const movedNothing = (found: Found): boolean =>
  nothingCame.has(statusOf(found)) || statusOf(found) === "REQUIRES_ACTION"
