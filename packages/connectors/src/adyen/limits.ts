import { InvalidField, MissingField } from "@connector-service/domain/Reason"
import { isCapturable, isOnCard, takesResult } from "./paymentMethods.ts"
import type { Authorize } from "./wire.ts"

/** `PaymentRequest.metadata`: at most 20, keys of at most 20 and values of at most 80 characters. */
const tooMuch = (metadata: Readonly<Record<string, string>> = {}): boolean =>
  Object.keys(metadata).length > 20 ||
  Object.entries(metadata).some(([key, value]) => key.length > 20 || value.length > 80)

interface Limit {
  readonly field: string
  readonly rule: string
  readonly broken: (input: Authorize) => boolean
}

/** What `PaymentRequest` cannot carry, and what it would not do as asked: refused, as silence would change the payment. */
const limits: ReadonlyArray<Limit> = [
  {
    field: "return_url",
    rule: "at most 1024 characters at this processor",
    broken: ({ returnUrl }) => returnUrl.length > 1024
  },
  {
    field: "return_url",
    rule: "of an origin of at most 80 characters at this processor",
    broken: ({ browser, returnUrl }) => browser !== undefined && new URL(returnUrl).origin.length > 80
  },
  {
    field: "metadata",
    rule: "at most 20 entries, keys of at most 20 and values of at most 80 characters at this processor",
    broken: ({ metadata }) => tooMuch(metadata)
  },
  {
    field: "customer.id",
    rule: "at least 3 characters at this processor",
    broken: ({ customer }) => customer?.id !== undefined && customer.id.length < 3
  },
  {
    field: "statement_descriptor",
    rule: "letters, digits, spaces and . , _ - ? + / at this processor",
    broken: ({ statementDescriptor }) => statementDescriptor !== undefined && /[^\w .,?+/-]/.test(statementDescriptor)
  },
  {
    field: "capture_method",
    rule: "AUTOMATIC, as this payment method is taken at once",
    broken: ({ captureMethod, paymentMethod }) => captureMethod === "MANUAL" && !isCapturable(paymentMethod)
  },
  {
    field: "three_d_secure_request",
    rule: "absent or IF_REQUIRED with this payment method",
    broken: ({ paymentMethod, threeDSecureRequest = "IF_REQUIRED" }) =>
      threeDSecureRequest !== "IF_REQUIRED" && !isOnCard(paymentMethod)
  },
  {
    field: "three_d_secure_result",
    rule: "absent with this payment method",
    broken: ({ paymentMethod, threeDSecureResult }) => threeDSecureResult !== undefined && !takesResult(paymentMethod)
  },
  {
    field: "line_items",
    rule: "in the currency of the payment",
    broken: ({ amount, lineItems = [] }) =>
      lineItems.some(({ unitAmount, unitTax = unitAmount }) =>
        [unitAmount, unitTax].some(({ currencyCode }) => currencyCode !== amount.currencyCode)
      )
  }
]

/** Why a payment is not sent to Adyen as it is; undefined where it can be. */
export const refusal = (input: Authorize): InvalidField | MissingField | undefined => {
  if (input.paymentMethod._tag === "Klarna" && (input.lineItems ?? []).length === 0) {
    return new MissingField({ field: "line_items" })
  }
  const limit = limits.find(({ broken }) => broken(input))
  return limit && new InvalidField({ field: limit.field, rule: limit.rule })
}
