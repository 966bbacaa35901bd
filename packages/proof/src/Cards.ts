import type { PaymentMethod } from "@connector-service/domain/PaymentMethod"
import { Redacted } from "effect"
import type { ConnectorId } from "./Faults.ts"
import type { Account } from "./History.ts"
import type { Order } from "./Plan.ts"

const card = (number: string, expiryYear: number, expiryMonth: number, holderName?: string) => ({
  _tag: "Card" as const,
  number: Redacted.make(number, { label: "card number" }),
  expiryMonth,
  expiryYear,
  cvc: Redacted.make("737", { label: "cvc" }),
  ...(holderName === undefined ? {} : { holderName })
})

/**
 * What pays. Cards: docs.stripe.com/testing; docs.adyen.com/development-resources/testing (result codes by the holder's
 * name, 3-D Secure by number); developer.paypal.com/tools/sandbox/card-testing (rejections by the holder's name).
 */
export const methods = {
  stripe: {
    good: card("4242424242424242", 2040, 8),
    declined: card("4000000000000002", 2040, 8),
    challenge: card("4000000000003220", 2040, 8)
  },
  adyen: {
    good: card("4111111111111111", 2030, 3),
    declined: card("4111111111111111", 2030, 3, "DECLINED"),
    challenge: card("4917610000000000", 2030, 3)
  },
  paypal: {
    good: card("4111111111111111", 2040, 8),
    declined: card("4111111111111111", 2040, 8, "CCREJECT-REFUSED"),
    challenge: { _tag: "Paypal" }
  }
} as const satisfies Readonly<Record<ConnectorId, Readonly<Record<Order["card"], PaymentMethod>>>>

/** A browser in which 3-D Secure can be run (EMV 3-D Secure, browser information). */
export const browser = {
  acceptHeader: "*/*",
  userAgent: "Mozilla/5.0",
  language: "en-GB",
  colorDepth: 24,
  screenHeight: 1080,
  screenWidth: 1920,
  timeZoneOffset: -60,
  javaEnabled: false
}

/**
 * Credentials of the form that each connector takes, of two accounts. Adyen's are of one company, which has one space of
 * keys (docs.adyen.com/development-resources/api-idempotency).
 */
export const credentials: Readonly<Record<ConnectorId, Readonly<Record<Account, object>>>> = {
  stripe: [{ secretKey: "sk_test_proof" }, { secretKey: "sk_test_other" }],
  adyen: [
    { apiKey: "proofproof", merchantAccount: "ProofMerchant" },
    { apiKey: "proofproof", merchantAccount: "OtherMerchant" }
  ],
  paypal: [
    { clientId: "proof", clientSecret: "proof" },
    { clientId: "other", clientSecret: "other" }
  ]
}
