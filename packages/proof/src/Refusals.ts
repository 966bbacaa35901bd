import type { ConnectorError } from "@connector-service/domain/Reason"
import type { Reply } from "@connector-service/sandbox/Processor"
import type { ConnectorId } from "./Faults.ts"
import type { CallMade, History } from "./History.ts"
import { isClean, lookUpOf } from "./Unknown.ts"

interface Refused {
  readonly error?: { readonly code?: string; readonly type?: string } | string
  readonly details?: ReadonlyArray<{ readonly issue?: string }>
  readonly errorCode?: string
}

/** The word that a processor has for why it refused: Stripe's code or type, PayPal's issue, Adyen's number. */
export const refusalOf = ({ body, status }: Reply): string | undefined => {
  if (status < 400 || status >= 500 || !body.startsWith("{")) return undefined
  const { details, error, errorCode }: Refused = JSON.parse(body)
  return typeof error === "object" ? (error.code ?? error.type) : (details?.[0]?.issue ?? errorCode)
}

/**
 * Words that tell of something that was done before, or that is being done: docs.stripe.com/error-codes,
 * docs.adyen.com/development-resources/api-idempotency, and the descriptions of the issues in PayPal's published files.
 */
const doneBefore: Readonly<Record<ConnectorId, ReadonlySet<string>>> = {
  stripe: new Set([
    "charge_already_refunded",
    "idempotency_error",
    "idempotency_key_in_use",
    "payment_intent_unexpected_state"
  ]),
  adyen: new Set(["704"]),
  paypal: new Set([
    "AUTHORIZATION_ALREADY_CAPTURED",
    "AUTHORIZATION_VOIDED",
    "CAPTURE_FULLY_REFUNDED",
    "DUPLICATE_INVOICE_ID",
    "MAX_CAPTURE_AMOUNT_EXCEEDED",
    "ORDER_ALREADY_AUTHORIZED",
    "ORDER_ALREADY_CAPTURED",
    "PREVIOUSLY_CAPTURED",
    "PREVIOUSLY_VOIDED",
    "PREVIOUS_REQUEST_IN_PROGRESS",
    "REFUND_AMOUNT_EXCEEDED"
  ])
}

/**
 * Invariant 3: what a processor says was done before, or is being done, is never a mere refusal; it is looked up, and what
 * is told then is what the look-up showed.
 */
export const doneBeforeIsLookedUp = (history: History, call: CallMade, { reason }: ConnectorError): void => {
  const { connector, flow } = call.operation
  const last = call.exchanges.findLast(({ exchanged }) => exchanged === flow)
  if (last?.refusal === undefined || !doneBefore[connector].has(last.refusal)) return
  const wrong = (what: string): void => history.violated(3, call.operation, `${last.refusal} of a ${flow} ${what}`)
  if (reason._tag === "Rejected") wrong("was told as a mere refusal")
  if (reason._tag !== "WrongState" && reason._tag !== "Duplicate") return
  const asks = lookUpOf(connector, flow)
  const looks = call.exchanges.filter(({ exchanged, startedAt }) => exchanged === asks && startedAt >= last.endedAt)
  if (asks !== undefined && looks.length === 0) wrong(`was told as ${reason._tag}, and not looked up`)
  const before = looks.findLast(isClean)?.handledAt
  if (flow !== "void" || before === undefined || reason.found?._tag !== "Payment") return
  if (history.of(reason.found.payment.paymentId, "void").some(({ at }) => at < before)) {
    wrong("was told as having done nothing, and the look-up had shown that what was asked is so")
  }
}
