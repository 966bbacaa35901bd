import type { AuthorizeRequest, LineItem } from "@connector-service/domain/Payment"
import { InvalidField, type Reason } from "@connector-service/domain/Reason"
import * as Effect from "effect/Effect"
import { type Authorize, isWallet, paymentSource } from "./source.ts"
import { toAddress, toAmount, toInvoice } from "./wire.ts"

/** Banks' payments, which PayPal takes by itself when the payer has approved them, and cannot only reserve. */
const takenOnApproval: ReadonlySet<string> = new Set(["Ideal", "Bancontact", "Blik"])
/** Where PayPal can ask for 3-D Secure (github.com/paypal/PayPal-PHP-Server-SDK, doc/models/card-attributes.md). */
const withThreeDSecure: ReadonlySet<string> = new Set(["Card", "NetworkToken", "SavedPaymentMethod"])

/** What PayPal cannot do of what is asked, where leaving it out would change what happens to money or liability. */
const impossible = (input: Authorize): InvalidField | undefined => {
  const { captureMethod, description = "", paymentMethod, threeDSecureRequest, threeDSecureResult } = input
  const field = (field: string, rule: string) => new InvalidField({ field, rule })
  if (threeDSecureResult !== undefined)
    return field("three_d_secure_result", "absent: this processor takes no results from elsewhere")
  if (threeDSecureRequest === "CHALLENGE") return field("three_d_secure_request", "IF_REQUIRED or ALWAYS")
  if (threeDSecureRequest === "ALWAYS" && (isWallet(input) || !withThreeDSecure.has(paymentMethod._tag)))
    return field("three_d_secure_request", "IF_REQUIRED with this payment method")
  if (captureMethod === "MANUAL" && takenOnApproval.has(paymentMethod._tag))
    return field("capture_method", "AUTOMATIC with this payment method")
  return description.length > 127 ? field("description", "at most 127 characters at this processor") : undefined
}

const sum = (items: ReadonlyArray<LineItem>, of: (item: LineItem) => bigint) =>
  items.reduce((all, item) => all + of(item) * BigInt(item.quantity), 0n)

/** `items` and the `breakdown` that they must add up to: prices without tax, and the tax. */
const goods = Effect.fnUntraced(function* ({ amount, lineItems = [] }: AuthorizeRequest) {
  const { currencyCode } = amount
  const money = (minorUnits: bigint) => toAmount({ minorUnits, currencyCode }, "line_items")
  const taxOf = ({ unitTax }: LineItem) => unitTax?.minorUnits ?? 0n
  const alike = ({ unitAmount, unitTax = unitAmount }: LineItem) =>
    unitAmount.currencyCode === currencyCode && unitTax.currencyCode === currencyCode
  if (lineItems.length === 0) return {}
  if (!lineItems.every(alike) || sum(lineItems, ({ unitAmount }) => unitAmount.minorUnits) !== amount.minorUnits) {
    return yield* new InvalidField({ field: "line_items", rule: "worth `amount` together, in its currency" })
  }
  const tax = sum(lineItems, taxOf)
  const items = yield* Effect.forEach(lineItems, (item) =>
    Effect.all({
      name: Effect.succeed(item.name),
      quantity: Effect.succeed(String(item.quantity)),
      sku: Effect.succeed(item.sku),
      unit_amount: money(item.unitAmount.minorUnits - taxOf(item)),
      tax: item.unitTax === undefined ? Effect.undefined : money(item.unitTax.minorUnits)
    })
  )
  const tax_total = lineItems.some(({ unitTax }) => unitTax !== undefined) ? yield* money(tax) : undefined
  return { items, breakdown: { item_total: yield* money(amount.minorUnits - tax), tax_total } }
})

/** The body of an order of one purchase unit. */
export const toOrder = Effect.fnUntraced(function* (input: Authorize): Effect.fn.Return<object, Reason> {
  const wrong = impossible(input)
  if (wrong !== undefined) return yield* wrong
  const { paymentMethod, shipping } = input
  const { breakdown, items } = yield* goods(input)
  return {
    intent: input.captureMethod === "MANUAL" ? "AUTHORIZE" : "CAPTURE",
    processing_instruction: takenOnApproval.has(paymentMethod._tag) ? "ORDER_COMPLETE_ON_PAYMENT_APPROVAL" : undefined,
    purchase_units: [
      {
        invoice_id: toInvoice(input),
        custom_id: input.orderReference ?? input.reference,
        description: input.description,
        soft_descriptor: input.statementDescriptor,
        amount: { ...(yield* toAmount(input.amount)), breakdown },
        items,
        shipping: shipping && {
          name: { full_name: shipping.name },
          address: yield* toAddress(shipping.address, "shipping.address")
        }
      }
    ],
    payment_source: yield* paymentSource(input)
  }
})
