import { type Body, bodyOf, hasBody, numberOf, textOf } from "./Body.ts"
import { isCurrency, toIso } from "./Minor.ts"
import { foreignAccount, invalid, malformed, type Refusal } from "./Refusal.ts"

const words = (text: string): ReadonlyArray<string> => text.trim().split(/\s+/)

const modification = ["applicationInfo", "merchantAccount", "reference"]

// The properties of the published schemas (Checkout v72), each of which refuses any other.
const fields = {
  PaymentRequest: words(`
    accountInfo additionalAmount additionalData amount applicationInfo authenticationData bankAccount
    billingAddress browserInfo captureDelayHours channel checkoutAttemptId company countryCode dateOfBirth
    dccQuote deliverAt deliveryAddress deliveryDate deviceFingerprint enableOneClick enablePayOut enableRecurring
    enhancedSchemeData entityType fraudOffset fundOrigin fundRecipient industryUsage installments lineItems
    localizedShopperStatement mandate mcc merchantAccount merchantOrderReference merchantRiskIndicator metadata
    mpiData order orderReference origin paymentMethod paymentValidations platformChargebackLogic recurringExpiry
    recurringFrequency recurringProcessingModel redirectFromIssuerMethod redirectToIssuerMethod reference
    returnUrl riskData sessionValidity shopperConversionId shopperEmail shopperIP shopperInteraction shopperLocale
    shopperName shopperReference shopperStatement shopperTaxInfo socialSecurityNumber splits store
    storePaymentMethod subMerchants surcharge telephoneNumber threeDS2RequestData threeDSAuthenticationOnly
    trustedShopper
  `),
  PaymentDetailsRequest: ["authenticationData", "details", "paymentData", "threeDSAuthenticationOnly"],
  PaymentCaptureRequest: [
    ...modification,
    "amount",
    "enhancedSchemeData",
    "lineItems",
    "platformChargebackLogic",
    "splits",
    "subMerchants"
  ],
  PaymentCancelRequest: modification,
  PaymentReversalRequest: modification,
  StandalonePaymentCancelRequest: [...modification, "enhancedSchemeData", "paymentReference"],
  PaymentRefundRequest: [
    ...modification,
    "amount",
    "capturePspReference",
    "enhancedSchemeData",
    "lineItems",
    "merchantRefundReason",
    "splits",
    "store"
  ],
  CardDetails: words(`
    billingSequenceNumber brand checkoutAttemptId cupsecureplus.smscode cvc encryptedCard encryptedCardNumber
    encryptedExpiryMonth encryptedExpiryYear encryptedPassword encryptedSecurityCode expiryMonth expiryYear
    fastlaneData fundingSource holderName networkPaymentReference number recurringDetailReference sdkData
    shopperNotificationReference srcCorrelationId srcDigitalCardId srcScheme srcTokenReference
    storedPaymentMethodId threeDS2SdkVersion type
  `),
  BlikDetails: words("blikCode checkoutAttemptId recurringDetailReference sdkData storedPaymentMethodId type"),
  Amount: ["currency", "value"]
} as const satisfies Record<string, ReadonlyArray<string>>

/** The published name of a structure. */
export type Structure = keyof typeof fields

const longestReference = 80

/** Refuses a body with fields that its structure does not have, or with a reference that is too long. */
export const checkStructure = (body: Body, structure: Structure): Refusal | undefined => {
  const known: ReadonlyArray<string> = fields[structure]
  const unknown = Object.keys(body).filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    return malformed(`Structure of ${structure} contains the following unknown fields: [${unknown.join(", ")}]`)
  }
  const reference = textOf(body, "reference") ?? ""
  return reference.length > longestReference
    ? malformed(`The field 'reference' may have at most ${longestReference} characters.`)
    : undefined
}

/** The merchant account that a body names; this sandbox has every account but those called `Unknown…`. */
export const readAccount = (body: Body): string | Refusal => {
  const account = textOf(body, "merchantAccount")
  return account === undefined || account.startsWith("Unknown") ? foreignAccount() : account
}

/** An amount in Adyen's minor units. */
export interface Amount {
  readonly currency: string
  readonly value: number
}

/** The amount of a request. */
export const readAmount = (body: Body): Amount | Refusal => {
  if (!hasBody(body, "amount")) return invalid("100", "Required object 'amount' is not provided.")
  const amount = bodyOf(body, "amount")
  const strange = checkStructure(amount, "Amount")
  if (strange !== undefined) return strange
  const currency = textOf(amount, "currency")
  const value = numberOf(amount, "value")
  if (currency === undefined || !isCurrency(currency)) return invalid("138", "Unsupported currency specified")
  // The ledger counts in ISO 4217 minor units, so that an amount which these cannot tell is refused as well.
  const whole =
    value !== undefined && value >= 0 && Number.isSafeInteger(value) && Number.isSafeInteger(toIso(value, currency))
  return whole ? { currency, value } : invalid("137", "Invalid amount specified")
}
