import { authorise, receive } from "./Authorise.ts"
import { type Body, bodyOf, flagOf, hasBody, textOf } from "./Body.ts"
import { capturesManually, readInstrument, storesFor } from "./Instruments.ts"
import { invalid, Refusal, unsupported } from "./Refusal.ts"
import { readAmount } from "./Requests.ts"
import {
  type Authentication,
  type Card,
  type Context,
  type Instrument,
  type Merchant,
  newPspReference,
  type PaymentRecord,
  type PaymentReply
} from "./State.ts"
import { openAwait, openFingerprint, openQr, openRedirect } from "./Steps.ts"
import { enrolled, frictionless, requestedOutcome } from "./TestCards.ts"

// The published limits of `metadata`, and the error the specification names for them.
const readMetadata = (body: Body): Readonly<Record<string, string>> | Refusal => {
  const pairs: Record<string, string> = {}
  for (const [key, value] of Object.entries(bodyOf(body, "metadata"))) {
    if (typeof value !== "string" || key.length > 20 || value.length > 80)
      return invalid("177", "Metadata size exceeds limit")
    pairs[key] = value
  }
  return Object.keys(pairs).length > 20 ? invalid("177", "Metadata size exceeds limit") : pairs
}

// RequestedTestAcquirerResponseCode is published as text and often sent as a number.
const requestedCode = (body: Body): string | undefined => {
  const value = bodyOf(body, "additionalData").RequestedTestAcquirerResponseCode
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined
}

/** EMV 3-D Secure: an authenticated payment carries 02 on Mastercard and 05 elsewhere. */
export const authenticatedBy = ({ brand }: Pick<Card, "brand">): Authentication => ({
  authenticated: true,
  eci: brand === "mc" ? "02" : "05"
})

const imported = (body: Body, card: Card): Authentication | undefined => {
  if (!hasBody(body, "mpiData")) return undefined
  const { eci } = authenticatedBy(card)
  const data = bodyOf(body, "mpiData")
  return { authenticated: textOf(data, "authenticationResponse") !== "N", eci: textOf(data, "eci") ?? eci }
}

const authenticates = (body: Body, { card, type }: Instrument): boolean => {
  if (card === undefined || (type !== "scheme" && type !== "bcmc") || hasBody(body, "mpiData")) return false
  const interaction = textOf(body, "shopperInteraction")
  if (interaction === "ContAuth" || interaction === "Moto") return false
  const attempt = textOf(bodyOf(body, "authenticationData"), "attemptAuthentication")
  return attempt === "always" || (attempt !== "never" && enrolled.has(card.number))
}

// What the specification asks of a browser integration that shows 3-D Secure itself.
const isNative = (body: Body): boolean =>
  textOf(body, "channel") === "Web" &&
  hasBody(body, "browserInfo") &&
  textOf(body, "origin") !== undefined &&
  textOf(bodyOf(bodyOf(body, "authenticationData"), "threeDSRequestData"), "nativeThreeDS") === "preferred"

interface Start {
  readonly context: Context
  readonly body: Body
  readonly payment: PaymentRecord
  readonly returnUrl: string
}

type Flow = (start: Start) => PaymentReply

const byCard: Flow = ({ context, body, payment, returnUrl }) => {
  const { card } = payment.instrument
  if (card === undefined) return openRedirect(context, "redirect", { payment, returnUrl })
  if (!authenticates(body, payment.instrument)) return authorise(context, payment, imported(body, card))
  const notificationUrl = textOf(bodyOf(body, "threeDS2RequestData"), "notificationURL")
  const opening = {
    payment,
    returnUrl,
    frictionless: card.number === frictionless,
    ...(notificationUrl === undefined ? {} : { notificationUrl })
  }
  return isNative(body) ? openFingerprint(context, opening) : openRedirect(context, "redirect3ds", opening)
}

const byPage: Flow = ({ context, payment, returnUrl }) => openRedirect(context, "redirect", { payment, returnUrl })

const flows: Readonly<Record<string, Flow>> = {
  scheme: byCard,
  networkToken: byCard,
  bcmc: byCard,
  applepay: byCard,
  googlepay: byCard,
  paypal: byPage,
  ideal: byPage,
  klarna: byPage,
  klarna_account: byPage,
  klarna_paynow: byPage,
  bcmc_mobile: ({ context, payment, returnUrl }) => openQr(context, { payment, returnUrl }),
  blik: ({ context, payment, returnUrl }) => openAwait(context, { payment, returnUrl }),
  sepadirectdebit: ({ context, payment }) => receive(context, payment)
}

// These take the money when the payer agrees, whatever the request says (docs.adyen.com/payment-methods). Of BLIK it is
// assumed: its pages do not speak of captures.
const takesAtOnce = new Set(["bcmc_mobile", "blik", "ideal", "sepadirectdebit"])

/** `POST /payments`. */
export const createPayment = (context: Context, merchant: Merchant, body: Body): PaymentReply | Refusal => {
  const amount = readAmount(body)
  if (amount instanceof Refusal) return amount
  const reference = textOf(body, "reference")
  if (reference === undefined) return invalid("130", "Required field 'reference' is not provided.")
  const returnUrl = textOf(body, "returnUrl")
  if (returnUrl === undefined || !URL.canParse(returnUrl)) return invalid("14_030", "Return URL is missing.")
  if (!hasBody(body, "paymentMethod")) return invalid("14_004", "Missing payment method details")
  const metadata = readMetadata(body)
  if (metadata instanceof Refusal) return metadata
  const instrument = readInstrument(merchant, body)
  if (instrument instanceof Refusal) return instrument
  const flow = instrument === undefined ? undefined : flows[instrument.type]
  // Authentication without a payment is not covered, and taking money instead would be wrong.
  const only =
    flagOf(bodyOf(body, "authenticationData"), "authenticationOnly") || flagOf(body, "threeDSAuthenticationOnly")
  if (instrument === undefined || flow === undefined || only) return unsupported()
  const payment: PaymentRecord = {
    pspReference: newPspReference(),
    merchant,
    reference,
    metadata,
    currency: amount.currency,
    manualCapture: capturesManually(body) && !takesAtOnce.has(instrument.type),
    instrument,
    outcome: requestedOutcome(requestedCode(body), instrument.card?.holderName),
    storeFor: storesFor(body),
    addressGiven: hasBody(body, "billingAddress"),
    origin: context.origin,
    value: amount.value,
    status: "waiting",
    captured: 0,
    refunded: 0
  }
  merchant.payments.set(payment.pspReference, payment)
  return flow({ context, body, payment, returnUrl })
}
