import * as Schema from "effect/Schema"
import { AdditionalData, Amount } from "./wire.ts"

const nullish = <S extends Schema.Constraint>(schema: S) => Schema.optional(Schema.NullOr(schema))
const text = nullish(Schema.String)

/** `NotificationRequestItem`. Only what `signedText` names is signed. */
export const Item = Schema.Struct({
  pspReference: Schema.String,
  originalReference: text,
  merchantAccountCode: Schema.String,
  merchantReference: text,
  amount: Amount,
  eventCode: Schema.String,
  eventDate: Schema.String,
  success: Schema.Union([Schema.String, Schema.Boolean]),
  paymentMethod: text,
  reason: text,
  additionalData: nullish(
    Schema.Struct({
      ...AdditionalData.fields,
      chargebackReasonCode: text,
      defensePeriodEndsAt: text,
      disputeStatus: text,
      hmacSignature: text,
      "modification.action": text,
      "recurring.shopperReference": text,
      shopperReference: text
    })
  )
})
/** `NotificationRequestItem`. */
export type Item = typeof Item.Type

/** `NotificationRequest`: what the standard webhook sends, one item or several. */
export const Batch = Schema.Struct({
  live: nullish(Schema.Union([Schema.String, Schema.Boolean])),
  notificationItems: Schema.NonEmptyArray(Schema.Struct({ NotificationRequestItem: Item }))
})

/** What the tokenization webhooks send, and others of their form. */
export const Notice = Schema.Struct({
  type: Schema.String,
  createdAt: Schema.String,
  environment: Schema.String,
  eventId: text,
  data: Schema.Struct({
    merchantAccount: text,
    pspReference: text,
    shopperReference: text,
    storedPaymentMethodId: text
  })
})
/** What the tokenization webhooks send, and others of their form. */
export type Notice = typeof Notice.Type

/** Whether what the event is about came to pass. */
export const succeeded = ({ success }: Item): boolean => String(success) === "true"

/**
 * What is signed of an item (docs.adyen.com/development-resources/webhooks/verify-hmac-signatures). The fields are joined
 * without an escape, so that a colon could move from one field into the next: none but the merchant's own reference may
 * hold one, and then there is only one way to read what was signed. Undefined for an item that is not of this form.
 */
export const signedText = (item: Item): string | undefined => {
  const { amount, eventCode, merchantAccountCode, merchantReference, originalReference, pspReference, success } = item
  const isPlain =
    [pspReference, originalReference ?? "", merchantAccountCode].every((part) => !part.includes(":")) &&
    /^[A-Z]{3}$/.test(amount.currency) &&
    /^[A-Z0-9_]+$/.test(eventCode) &&
    /^(?:true|false)$/.test(String(success))
  return isPlain
    ? [
        pspReference,
        originalReference ?? "",
        merchantAccountCode,
        merchantReference ?? "",
        amount.value,
        amount.currency,
        eventCode,
        success
      ].join(":")
    : undefined
}
