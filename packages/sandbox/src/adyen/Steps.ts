import { randomText, randomUuid } from "../Random.ts"
import { cardData } from "./Authorise.ts"
import type { Context, PaymentRecord, PaymentReply, Step } from "./State.ts"

const messageVersion = "2.2.0"

// Long and opaque, in the form Adyen's tokens have.
const newToken = (): string => `Ab02b4c0!${randomText(64)}`

const base64 = (value: Readonly<Record<string, string>>): string =>
  Buffer.from(JSON.stringify(value)).toString("base64")

/** Where the pages of the payer are. */
export const pageUrl = (origin: string, page: string): string => `${origin}/adyen/pages/${page}`

/** What a step needs to be told. */
export interface Opening {
  readonly payment: PaymentRecord
  readonly returnUrl: string
  readonly frictionless?: boolean
  readonly notificationUrl?: string
}

const makeStep = (kind: Step["kind"], opening: Opening): Step => ({
  kind,
  payment: opening.payment,
  returnUrl: opening.returnUrl,
  frictionless: opening.frictionless ?? false,
  notificationUrl: opening.notificationUrl ?? pageUrl(opening.payment.origin, "notification"),
  threeDSServerTransID: randomUuid(),
  acsTransID: randomUuid(),
  choice: undefined,
  result: undefined,
  reply: undefined,
  submitted: false
})

const names = ({ pspReference, reference }: PaymentRecord) => ({ pspReference, merchantReference: reference })

/** Sends the payer to a page: to the issuer's for 3-D Secure, to the payment method's own otherwise. */
export const openRedirect = (context: Context, kind: "redirect3ds" | "redirect", opening: Opening): PaymentReply => {
  const { payment } = opening
  const { card, type } = payment.instrument
  const page = randomText(24)
  context.steps.set(`page:${page}`, makeStep(kind, opening))
  return {
    resultCode: "RedirectShopper",
    action: {
      type: "redirect",
      method: "GET",
      paymentMethodType: type,
      url: pageUrl(context.origin, `redirect/${page}`)
    },
    // As in the published examples, only 3-D Secure tells the reference before the payer has been away.
    ...(card === undefined
      ? {}
      : {
          ...names(payment),
          additionalData: {
            ...cardData(payment.instrument, card),
            "threeds2.cardEnrolled": "true",
            "threeds2.threeDS2ResponseData.messageVersion": messageVersion
          }
        })
  }
}

const qrAction = (context: Context, page: string, paymentData: string): Readonly<Record<string, string>> => ({
  type: "qrCode",
  paymentMethodType: "bcmc_mobile",
  paymentData,
  qrCodeData: pageUrl(context.origin, `qr/${page}`),
  url: pageUrl(context.origin, `qr/${page}`)
})

/** Shows a code that the payer's phone reads; what the code holds is the address of the page the phone opens. */
export const openQr = (context: Context, opening: Opening): PaymentReply => {
  const page = randomText(24)
  const paymentData = newToken()
  const step = makeStep("qr", opening)
  context.steps.set(`page:${page}`, step)
  context.steps.set(`data:${paymentData}`, step)
  return { resultCode: "Pending", ...names(opening.payment), action: qrAction(context, page, paymentData) }
}

/**
 * Asks the payer in the bank's app. Nothing is handed to the payer, so the address of the page that stands for the app
 * has the payment's reference.
 */
export const openAwait = (context: Context, opening: Opening): PaymentReply => {
  const { payment } = opening
  const paymentData = newToken()
  const step = makeStep("await", opening)
  context.steps.set(`page:${payment.pspReference}`, step)
  context.steps.set(`data:${paymentData}`, step)
  const url = pageUrl(context.origin, `await/${payment.pspReference}`)
  const action = { type: "await", paymentMethodType: payment.instrument.type, paymentData, url }
  return { resultCode: "Pending", ...names(payment), action }
}

const openNative = (context: Context, step: Step, subtype: string, token: Readonly<Record<string, string>>) => {
  const paymentData = newToken()
  const authorisationToken = newToken()
  context.steps.set(`data:${paymentData}`, step)
  context.steps.set(`authorisation:${authorisationToken}`, step)
  return {
    type: "threeDS2",
    subtype,
    paymentMethodType: step.payment.instrument.type,
    paymentData,
    authorisationToken,
    token: base64(token)
  }
}

/** The first half of native 3-D Secure: the issuer's method page looks at the browser. */
export const openFingerprint = (context: Context, opening: Opening): PaymentReply => {
  const step = makeStep("fingerprint", opening)
  const token = {
    threeDSMethodNotificationURL: pageUrl(context.origin, "notification"),
    threeDSMethodURL: pageUrl(context.origin, "method"),
    threeDSServerTransID: step.threeDSServerTransID
  }
  return { resultCode: "IdentifyShopper", action: openNative(context, step, "fingerprint", token) }
}

/** The second half: the issuer asks the payer. */
export const openChallenge = (context: Context, from: Step): PaymentReply => {
  const step = { ...makeStep("challenge", from), threeDSServerTransID: from.threeDSServerTransID }
  context.steps.set(`acs:${step.acsTransID}`, step)
  const token = {
    acsReferenceNumber: "ADYEN-ACS-SIMULATOR",
    acsTransID: step.acsTransID,
    acsURL: pageUrl(context.origin, "acs"),
    messageVersion,
    threeDSNotificationURL: step.notificationUrl,
    threeDSServerTransID: step.threeDSServerTransID
  }
  return { resultCode: "ChallengeShopper", action: openNative(context, step, "challenge", token) }
}
