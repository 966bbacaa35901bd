import type { NextAction } from "@connector-service/domain/NextAction"
import type { Payment } from "@connector-service/domain/Payment"
import { Declined, InvalidCredentials, Rejected, UnreadableReply } from "@connector-service/domain/Reason"
import { Conflict, jsonRejection } from "../Reply.ts"
import { toRefusal } from "./declines.ts"
import * as W from "./wire.ts"

/**
 * Issues that say what the object went through before, or still waits for (the published files, 422); of a transaction
 * that was made before, developer.paypal.com/api/errors/duplicate-transactions tells.
 */
const stateConflicts = new Set([
  "AUTHORIZATION_ALREADY_CAPTURED",
  "AUTHORIZATION_DENIED",
  "AUTHORIZATION_EXPIRED",
  "AUTHORIZATION_VOIDED",
  "CAPTURE_FULLY_REFUNDED",
  "DUPLICATE_TRANSACTION",
  "MAX_AUTHORIZATION_COUNT_EXCEEDED",
  "MAX_CAPTURE_AMOUNT_EXCEEDED",
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
  "REFUND_AMOUNT_EXCEEDED",
  "REFUND_NOT_ALLOWED",
  "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK",
  "REFUND_TIME_LIMIT_EXCEEDED",
  "TRANSACTION_DISPUTED"
])

/** Words for credentials that may not do this at all; other 403s are about the account or the payment. */
const forbidden = new Set(["NOT_AUTHORIZED", "PERMISSION_DENIED"])

/**
 * PayPal's own faults say nothing of what was done, whatever the status (the published files, error_500, error_503; the
 * last one, developer.paypal.com/api/deprecated/payments.billing-plans/v1/errors/internal_service_error).
 */
const faults = new Set(["INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE", "INTERNAL_SERVICE_ERROR"])

/**
 * Keys that were used before: the account takes each invoice id once, and ours is the reference; of the request id's
 * only the first version of Payments and the vault tell (developer.paypal.com/api: deprecated/payments/v1/errors,
 * duplicate_request_id; payment-tokens/v3/errors, paypal_request_id_previously_used).
 */
const keyConflicts = new Set(["DUPLICATE_INVOICE_ID", "DUPLICATE_REQUEST_ID", "PAYPAL_REQUEST_ID_PREVIOUSLY_USED"])

/** Another request on the same resource is still running (the published files, 409). */
const inProgress = new Set(["PREVIOUS_REQUEST_IN_PROGRESS", "RESOURCE_CONFLICT"])

/**
 * The order of a refusal that sends the payer back to choose another funding source: it can still be completed, so the
 * refusal is not its end.
 */
const reopened = (problem: typeof W.Problem.Type, rawStatus: string): Payment | undefined => {
  const url = problem.links?.find(({ rel }) => rel === "redirect")?.href
  const paymentId = url == null ? undefined : URL.parse(url)?.searchParams.get("token")
  if (url == null || paymentId == null) return undefined
  const nextAction: NextAction = { _tag: "Redirect", method: "GET", url, fields: {} }
  return { paymentId, status: "DECLINED", rawStatus, final: false, nextAction, state: {} }
}

const declined = (problem: typeof W.Problem.Type, { description, issue }: Detail): Declined | undefined => {
  const decline = issue == null ? undefined : toRefusal(issue, description ?? problem.message ?? "")
  return decline && new Declined({ decline, payment: reopened(problem, decline.rawCode) })
}
type Detail = NonNullable<(typeof W.Problem.Type)["details"]>[number]

/**
 * What of several details, or of the name, decides: what is still running, what the object went through before, then a
 * key, then a refusal of the payment.
 */
const decisive = (problem: typeof W.Problem.Type): Conflict | Declined | undefined => {
  const details = problem.details ?? []
  const words = [...details.map(({ issue }) => issue), problem.name]
  const find = (issues: ReadonlySet<string>) => words.find((word) => word != null && issues.has(word))
  const running = find(inProgress)
  if (running != null) return new Conflict({ kind: "InProgress", rawCode: running })
  const state = find(stateConflicts)
  if (state != null) return new Conflict({ kind: "State", rawCode: state })
  const key = find(keyConflicts)
  if (key != null) return new Conflict({ kind: "Key", rawCode: key })
  return details.map((detail) => declined(problem, detail)).find((one) => one !== undefined)
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
  // whatever the code: another request on the same resource is still running
  if (status === 409) return new Conflict({ kind: "InProgress", rawCode })
  return (
    decisive(body) ?? new Rejected({ httpStatus: status, rawCode, rawMessage, rawField: detail?.field ?? undefined })
  )
})
