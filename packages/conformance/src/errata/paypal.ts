import type { Erratum } from "../Errata.ts"
import { below, type JsonObject } from "../Json.ts"

const orders = "paypal/checkout_orders_v2.json"
const payments = "paypal/payments_payment_v2.json"
const sdk = "npm @paypal/paypal-server-sdk 2.5.0, models"

const text: JsonObject = { type: "string" }
const word = (...values: ReadonlyArray<string>): JsonObject => ({ type: "string", enum: values })
const schema = (name: string, ...rest: ReadonlyArray<string>): string =>
  below("#", "components", "schemas", name, ...rest)

const ref = (name: string): JsonObject => ({ $ref: schema(name) })

const verification: Erratum = {
  file: orders,
  schemaPath: schema("card_attributes", "properties", "verification"),
  change: {
    graft: {
      type: "object",
      properties: { method: word("SCA_ALWAYS", "SCA_WHEN_REQUIRED", "3D_SECURE", "AVS_CVV") }
    }
  },
  reason: "the request for 3-D Secure is left out of the file",
  source: `${sdk}/cardAttributes.ts, cardVerification.ts; developer.paypal.com, "3D Secure: Orders API"`
}

const instruction: Erratum = {
  file: orders,
  schemaPath: schema("order_request", "properties", "processing_instruction"),
  change: { copyFrom: schema("processing_instruction") },
  reason: "the file has the instruction in orders and in its errors, but not in the request that gives it",
  source: `${sdk}/orderRequest.ts, processingInstruction`
}

const device = (schemaName: string, reply: string): Erratum => ({
  file: orders,
  schemaPath: schema("payment_source_response", "properties", schemaName),
  change: {
    graft: {
      type: "object",
      properties: {
        name: text,
        card: {
          type: "object",
          properties: {
            name: text,
            last_digits: text,
            brand: { $ref: schema("card_brand") },
            type: { $ref: schema("card_type") }
          }
        }
      }
    }
  },
  reason: "the file has the wallet in requests, but not in orders",
  source: `${sdk}/paymentSourceResponse.ts, ${reply}`
})

const invalidToken: ReadonlyArray<Erratum> = [orders, payments].flatMap((file) =>
  ["error", "error_description"].map((name) => ({
    file,
    schemaPath: schema("error_401", "properties", name),
    change: { graft: text },
    reason: "a token that is no longer good is answered in the form of RFC 6750, not in the published one",
    source: "github.com/paypal/Checkout-Java-SDK/issues/24, replies of both POST and GET of v2/checkout/orders"
  }))
)

const tooMany: JsonObject = {
  description: "Too many requests.",
  content: {
    "application/json": {
      schema: {
        type: "object",
        properties: {
          name: word("RATE_LIMIT_REACHED"),
          message: text,
          debug_id: text,
          links: { type: "array", items: { $ref: schema("error_link_description") } }
        }
      }
    }
  }
}

const published: ReadonlyArray<readonly [file: string, path: string, method: string]> = [
  [orders, "/v2/checkout/orders", "post"],
  [orders, "/v2/checkout/orders/{id}", "get"],
  [orders, "/v2/checkout/orders/{id}/authorize", "post"],
  [orders, "/v2/checkout/orders/{id}/capture", "post"],
  [payments, "/v2/payments/authorizations/{authorization_id}", "get"],
  [payments, "/v2/payments/authorizations/{authorization_id}/capture", "post"],
  [payments, "/v2/payments/authorizations/{authorization_id}/void", "post"],
  [payments, "/v2/payments/captures/{capture_id}", "get"],
  [payments, "/v2/payments/captures/{capture_id}/refund", "post"],
  [payments, "/v2/payments/refunds/{refund_id}", "get"]
]

const rateLimits: ReadonlyArray<Erratum> = published.map(([file, path, method]) => ({
  file,
  schemaPath: below("#", "paths", path, method, "responses", "429"),
  change: { graft: tooMany },
  reason: "the file publishes no answer to too many requests",
  source: "developer.paypal.com/reference/guidelines/rate-limiting: HTTP 429, RATE_LIMIT_REACHED"
}))

const serverErrors: ReadonlyArray<Erratum> = published
  .filter(([file]) => file === payments)
  .map(([file, path, method]) => ({
    file,
    schemaPath: below("#", "paths", path, method, "responses", "500", "content"),
    change: { graft: { "application/json": { schema: { $ref: schema("error_500") } } } },
    reason: "the file describes the answer and has its schema, but does not say that it is the answer's",
    source: "the same file, components, error_500; the orders file, responses 500"
  }))

const requestCard: JsonObject = {
  type: "object",
  properties: {
    name: text,
    number: { type: "string", minLength: 13, maxLength: 19 },
    expiry: ref("date_year_month"),
    type: ref("card_type"),
    brand: ref("card_brand"),
    billing_address: ref("address_portable")
  }
}

const googlePay: Erratum = {
  file: orders,
  schemaPath: schema("google_pay_request", "properties"),
  change: {
    graft: {
      name: ref("full_name"),
      email_address: ref("email_address"),
      phone_number: ref("phone"),
      decrypted_token: {
        type: "object",
        required: ["payment_method", "card", "authentication_method"],
        properties: {
          message_id: text,
          message_expiration: text,
          payment_method: { type: "string", enum: ["CARD"] },
          card: requestCard,
          authentication_method: { type: "string", enum: ["PAN_ONLY", "CRYPTOGRAM_3DS"] },
          cryptogram: text,
          eci_indicator: text
        }
      },
      experience_context: { type: "object", properties: { return_url: ref("url"), cancel_url: ref("url") } }
    }
  },
  reason: "the file's schema of it is empty",
  source: `${sdk}/googlePayRequest.ts, googlePayDecryptedTokenData.ts, googlePayCard.ts, googlePayExperienceContext.ts`
}

const unknownVaultId: Erratum = {
  file: orders,
  schemaPath: schema("422", "properties", "details", "items", "anyOf"),
  change: {
    append: {
      title: "INVALID_VAULT_ID",
      properties: {
        issue: word("INVALID_VAULT_ID"),
        description: word("The specified Vault ID is invalid or could not be found.")
      }
    }
  },
  reason: "the file has no answer to an order for a vault id that is not there",
  source: "developer.paypal.com/api/rest/reference/orders/v2/errors, INVALID_VAULT_ID"
}

/** What PayPal's published files lack, each with the newer or fuller source. */
export const paypalErrata: ReadonlyArray<Erratum> = [
  verification,
  instruction,
  googlePay,
  unknownVaultId,
  device("apple_pay", "applePayPaymentObject.ts"),
  device("google_pay", "googlePayWalletResponse.ts"),
  ...invalidToken,
  ...rateLimits,
  ...serverErrors
]
