import type { Payment } from "@connector-service/domain/Payment"
import { Declined, InvalidCredentials, Rejected, UnreadableReply } from "@connector-service/domain/Reason"
import { Conflict, jsonRejection } from "../Reply.ts"
import { toRefusal } from "./declines.ts"
import * as W from "./wire.ts"

/** Issues that say what the object went through before, or still waits for (the published files, 422). */
const stateConflicts = new Set([
  "AUTHORIZATION_ALREADY_CAPTURED",
  "AUTHORIZATION_DENIED",
  "AUTHORIZATION_EXPIRED",
  "AUTHORIZATION_VOIDED",
  "CAPTURE_FULLY_REFUNDED",
  "MAX_AUTHORIZATION_COUNT_EXCEEDED",
  "MAX_CAPTURE_COUNT_EXCEEDED",
  "MAX_NUMBER_OF_REFUNDS_EXCEEDED",
  "ORDER_ALREADY_AUTHORIZED",
  "ORDER_ALREADY_CAPTURED",
  "ORDER_COMPLETED_OR_VOIDED",
  "ORDER_COMPLETION_IN_PROGRESS",
  "ORDER_EXPIRED",
  "ORDER_NOT_APPROVED",
  "PAYER_ACTION_REQUIRED",
  "PENDING_CAPTURE",
  "PREVIOUSLY_CAPTURED",
  "PREVIOUSLY_VOIDED",
  "REFUND_NOT_ALLOWED",
  "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK",
  "REFUND_TIME_LIMIT_EXCEEDED",
  "TRANSACTION_DISPUTED"
])

/** Words for credentials that may not do this at all; other 403s are about the account or the payment. */
const forbidden = new Set(["NOT_AUTHORIZED", "PERMISSION_DENIED"])

/** PayPal's own faults say nothing of what was done, whatever the status (the published files, error_500, error_503). */
const faults = new Set(["INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE"])

/**
 * The order of a refusal that sends the payer back to choose another funding source: it can still be completed, so the
 * refusal is not its end.
 */
const reopened = (problem: typeof W.Problem.Type, rawStatus: string): Payment | undefined => {
  const href = problem.links?.find(({ rel }) => rel === "redirect")?.href
  const paymentId = href == null ? undefined : URL.parse(href)?.searchParams.get("token")
  return paymentId == null ? undefined : { paymentId, status: "DECLINED", rawStatus, final: false, state: {} }
}

/** A reply of 400 to 499. */
export const rejection = jsonRejection(W.ErrorBody, (body, { status }) => {
  if ("error" in body) {
    const { error: rawCode, error_description } = body
    const rawMessage = error_description ?? ""
    return status === 401 || status === 403
      ? new InvalidCredentials({ description: rawMessage, refusedByProcessor: true })
      : new Rejected({ httpStatus: status, rawCode, rawMessage })
  }
  const [detail] = body.details ?? []
  const rawCode = detail?.issue ?? body.name
  const rawMessage = detail?.description ?? body.message ?? ""
  if (status === 401 || (status === 403 && forbidden.has(rawCode)))
    return new InvalidCredentials({ description: rawMessage, refusedByProcessor: true })
  if (faults.has(body.name)) return new UnreadableReply({ httpStatus: status, description: body.name })
  // another request on the same resource is still running (the published file, 409)
  if (status === 409) return new Conflict({ kind: "InProgress", rawCode })
  // the account takes each invoice id once, and ours is the reference
  if (rawCode === "DUPLICATE_INVOICE_ID") return new Conflict({ kind: "Key", rawCode })
  if (stateConflicts.has(rawCode)) return new Conflict({ kind: "State", rawCode })
  const decline = toRefusal(rawCode, rawMessage)
  if (decline !== undefined) return new Declined({ decline, payment: reopened(body, rawCode) })
  return new Rejected({ httpStatus: status, rawCode, rawMessage, rawField: detail?.field ?? undefined })
})
