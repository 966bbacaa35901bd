import { type CardChecks, type CheckResult, cardChecks } from "@connector-service/domain/CardChecks"
import type { NextAction } from "@connector-service/domain/NextAction"
import * as P from "@connector-service/domain/Payment"
import { InvalidCredentials, Rejected, UnreadableReply } from "@connector-service/domain/Reason"
import type * as R from "@connector-service/domain/Refund"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { Conflict, jsonRejection } from "../Reply.ts"
import { table } from "../Table.ts"
import { toDecline } from "./declines.ts"
import { challenge } from "./threeDSecure.ts"
import * as W from "./wire.ts"

/** `resultCode` (docs.adyen.com/online-payments/payment-result-codes, and the published file). */
const paymentStatus = table<P.PaymentStatus>({
  Authorised: "AUTHORIZED",
  PartiallyAuthorised: "AUTHORIZED",
  RedirectShopper: "REQUIRES_ACTION",
  IdentifyShopper: "REQUIRES_ACTION",
  ChallengeShopper: "REQUIRES_ACTION",
  PresentToShopper: "PENDING",
  Pending: "PENDING",
  Received: "PENDING",
  Refused: "DECLINED",
  Cancelled: "FAILED",
  Error: "FAILED",
  // answers to an authentication alone, which is never asked for, and a word that is listed without a meaning
  AuthenticationFinished: "UNRECOGNIZED",
  AuthenticationNotRequired: "UNRECOGNIZED",
  Success: "UNRECOGNIZED"
})
/** Modifications are only received; how they end is told by webhook. */
const modificationStatus = table<"PENDING">({ received: "PENDING" })

type Checks = readonly [addressLine: CheckResult | undefined, postalCode: CheckResult | undefined]
/** The number before an AVS result's words, of which some tell of one part only (docs.adyen.com, "AVS responses"). */
const avs = table<Checks>({
  0: ["UNAVAILABLE", "UNAVAILABLE"],
  1: ["MATCH", "NO_MATCH"],
  2: ["NO_MATCH", "NO_MATCH"],
  3: ["UNAVAILABLE", "UNAVAILABLE"],
  4: ["UNAVAILABLE", "UNAVAILABLE"],
  5: ["UNCHECKED", "UNCHECKED"],
  6: [undefined, "MATCH"],
  7: ["MATCH", "MATCH"],
  8: ["UNCHECKED", "UNAVAILABLE"],
  9: ["MATCH", "UNAVAILABLE"],
  10: ["NO_MATCH", "UNAVAILABLE"],
  11: ["UNAVAILABLE", "UNCHECKED"],
  12: ["MATCH", "UNCHECKED"],
  13: ["NO_MATCH", "UNCHECKED"],
  14: [undefined, "MATCH"],
  15: [undefined, "MATCH"],
  16: ["UNAVAILABLE", "NO_MATCH"],
  17: ["UNCHECKED", "NO_MATCH"],
  18: ["UNCHECKED", "UNCHECKED"],
  23: [undefined, "MATCH"],
  24: ["MATCH", "MATCH"],
  25: ["MATCH", undefined],
  26: ["NO_MATCH", "NO_MATCH"]
})
/** The number before a CVC result's words (docs.adyen.com/development-resources/testing/cvc-cvv-result-testing). */
const cvc = table<CheckResult>({
  0: "UNAVAILABLE",
  1: "MATCH",
  2: "NO_MATCH",
  3: "UNCHECKED",
  4: "UNCHECKED",
  5: "UNAVAILABLE",
  6: "UNCHECKED"
})
type Text = string | null | undefined
const numberOf = (result: Text) => /^\d{1,2}(?= |$)/.exec(result ?? "")?.[0]
/** A network's own letter; test acquirers give numbers. */
const letterOf = (raw: Text) => /^[A-Z]$/.exec(raw ?? "")?.[0]

const checksOf = ({ avsResult, avsResultRaw, cvcResult, cvcResultRaw }: typeof W.AdditionalData.Type) => {
  const [addressLine, postalCode] = avs(numberOf(avsResult)) ?? []
  const checks: CardChecks | undefined = cardChecks({ addressLine, postalCode, cvc: cvc(numberOf(cvcResult)) })
  return (
    checks && {
      ...checks,
      avsCode: letterOf(avsResultRaw) ?? checks.avsCode,
      cvcCode: letterOf(cvcResultRaw) ?? checks.cvcCode
    }
  )
}

/** What is known of a payment before the reply: its id until Adyen gives one, and what its `state` holds. */
export interface Known {
  readonly paymentId: string
  /** A debit of a bank account: what is authorised is that the bank will be asked. */
  readonly isDebit?: boolean | undefined
  /** What stands for a payment whose payer is asked in an app. */
  readonly paymentData?: string | undefined
  readonly captureMethod?: string | undefined
  /** The merchant's reference, by which it can be cancelled while Adyen has given no id. */
  readonly paymentReference?: string | undefined
}

const moneyOf = (amount: typeof W.Amount.Type | null | undefined) => (amount == null ? undefined : W.fromAmount(amount))

/** What the issuer reserved; of a partial authorization only the additional data surely tell (`allowPartialAuth`). */
const authorized = ({ additionalData, amount, resultCode }: W.Payment) => {
  const { authorisedAmountCurrency: currency, authorisedAmountValue: value } = additionalData ?? {}
  return resultCode === "PartiallyAuthorised" && currency != null && /^\d{1,15}$/.test(value ?? "")
    ? W.fromAmount({ currency, value: Number(value) })
    : moneyOf(amount)
}

const statusOf = (reply: W.Payment, { captureMethod, isDebit }: Known): P.PaymentStatus => {
  const status = paymentStatus(reply.resultCode) ?? "UNRECOGNIZED"
  if (reply.resultCode === "PartiallyAuthorised" && authorized(reply) === undefined) return "UNRECOGNIZED"
  if (status === "AUTHORIZED" && captureMethod === "AUTOMATIC") return isDebit === true ? "PENDING" : "CAPTURED"
  return status === "PENDING" && reply.action != null ? "REQUIRES_ACTION" : status
}

const expiresAt = ({ expiresAt }: Action) =>
  expiresAt == null ? undefined : Option.getOrUndefined(Option.map(DateTime.make(expiresAt), DateTime.toUtc))

type Action = typeof W.Action.Type
const steps = table({ fingerprint: "FINGERPRINT", challenge: "CHALLENGE" } as const)
/** `action` by type. Those that only Adyen's own libraries run, or that are no more than words to show, are not here. */
const nextAction = table<(action: Action) => NextAction | undefined>({
  redirect: ({ data, method, url }) =>
    url == null ? undefined : { _tag: "Redirect", method: method === "POST" ? "POST" : "GET", url, fields: data ?? {} },
  threeDS2: ({ subtype, token }) => {
    const step = steps(subtype)
    return step === undefined || token == null ? undefined : challenge(step, token)
  },
  qrCode: (action) =>
    action.qrCodeData == null
      ? undefined
      : { _tag: "QrCode", data: action.qrCodeData, url: action.url ?? undefined, expiresAt: expiresAt(action) },
  await: (action) => ({ _tag: "Wait", expiresAt: expiresAt(action) })
})

/**
 * What `/payments/details` needs. Both texts are long, and each step takes one of them: a challenge its token, anything
 * else `paymentData` (github.com/Adyen/adyen-web, ThreeDS2/components/utils.ts). A payer's app is waited for with the
 * one that Adyen gave with the first answer.
 */
const continuation = ({ action, threeDSPaymentData }: W.Payment, earlier: string | undefined) =>
  action?.subtype === "challenge" && action.authorisationToken != null
    ? { authorisationToken: action.authorisationToken, paymentData: threeDSPaymentData }
    : { paymentData: threeDSPaymentData ?? action?.paymentData ?? earlier }

const stateOf = (reply: W.Payment, known: Known, status: P.PaymentStatus): P.Payment["state"] => {
  const all = {
    captureMethod: known.captureMethod,
    paymentReference: reply.pspReference == null ? known.paymentReference : undefined,
    ...continuation(reply, status === "PENDING" ? known.paymentData : undefined)
  }
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value == null ? [] : [[key, value]])))
}

/** The reply to a payment or to its details, as a payment. */
export const toPayment = (reply: W.Payment, known: Known): P.Payment => {
  const { additionalData, pspReference } = reply
  const status = statusOf(reply, known)
  const reserved = status === "AUTHORIZED" || status === "CAPTURED"
  return {
    paymentId: pspReference ?? known.paymentId,
    status,
    rawStatus: reply.resultCode,
    final: P.isFinal(status),
    reference: reply.merchantReference ?? additionalData?.merchantReference ?? undefined,
    amount: reply.resultCode === "PartiallyAuthorised" ? undefined : moneyOf(reply.amount),
    amountAuthorized: reserved ? authorized(reply) : undefined,
    amountCaptured: status === "CAPTURED" ? authorized(reply) : undefined,
    nextAction:
      status === "REQUIRES_ACTION" && reply.action != null ? nextAction(reply.action.type)?.(reply.action) : undefined,
    decline: status === "DECLINED" ? toDecline(reply) : undefined,
    cardChecks: additionalData == null ? undefined : checksOf(additionalData),
    networkTransactionId: additionalData?.networkTxReference ?? undefined,
    paymentMethodId:
      additionalData?.["tokenization.storedPaymentMethodId"] ??
      additionalData?.["recurring.recurringDetailReference"] ??
      undefined,
    state: P.isFinal(status) ? {} : stateOf(reply, known, status)
  }
}

/** What an input says of the payment it is about. */
interface About {
  readonly input: Pick<P.CaptureRequest, "paymentId" | "state">
}

/** A request to release or to reverse, as the payment it is about. */
export const toReleased = ({ paymentPspReference, status }: W.Modification, { input }: About): P.Payment => ({
  paymentId: paymentPspReference ?? input.paymentId,
  status: modificationStatus(status) ?? "UNRECOGNIZED",
  rawStatus: status,
  final: false,
  state: input.state ?? {}
})

/** A capture. */
export const toCapture = (capture: W.Modification, { input }: About): P.Capture => {
  const status = modificationStatus(capture.status) ?? "UNRECOGNIZED"
  return {
    paymentId: capture.paymentPspReference ?? input.paymentId,
    status,
    rawStatus: capture.status,
    captureId: capture.pspReference,
    reference: capture.reference ?? undefined,
    amount: moneyOf(capture.amount),
    paymentStatus: status,
    state: input.state ?? {}
  }
}

/** A refund. */
export const toRefund = (refund: W.Modification, { input }: About): R.Refund => ({
  refundId: refund.pspReference,
  status: modificationStatus(refund.status) ?? "UNRECOGNIZED",
  rawStatus: refund.status,
  paymentId: refund.paymentPspReference ?? input.paymentId,
  reference: refund.reference ?? undefined,
  amount: moneyOf(refund.amount),
  state: input.state ?? {}
})

/** A reply of 400 to 499. */
export const rejection = jsonRejection(W.ErrorBody, ({ errorCode, errorType, message }, { status }) => {
  const rawMessage = message ?? ""
  if (status === 401 || status === 403)
    return new InvalidCredentials({ description: rawMessage, refusedByProcessor: true })
  // Adyen's own fault, or a limit of which it does not say whether the request was looked at
  if (errorType === "internal" || status === 429)
    return new UnreadableReply({ httpStatus: status, description: `HTTP ${status} ${errorCode}` })
  // "request already processed or in progress", with a 409 or a 422 (docs.adyen.com/development-resources/api-idempotency)
  if (errorCode === "704" || status === 409) return new Conflict({ kind: "InProgress", rawCode: errorCode })
  return new Rejected({ httpStatus: status, rawCode: errorCode, rawMessage })
})
