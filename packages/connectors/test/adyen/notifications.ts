import { hmacValidator } from "@adyen/api-library"
import { posted } from "../Deliveries.ts"

/** docs.adyen.com/development-resources/webhooks/verify-hmac-signatures: a key as the Customer Area shows one. */
export const key = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"

interface Item {
  readonly pspReference: string
  readonly originalReference?: string
  readonly merchantAccountCode: string
  readonly merchantReference: string
  readonly amount: { readonly currency: string; readonly value: number }
  readonly eventCode: string
  readonly eventDate: string
  readonly success: string
  readonly paymentMethod?: string
  readonly reason?: string
  readonly additionalData?: Readonly<Record<string, string>>
}

/** `authorisation` of `adyen/Webhooks-v1.json`, less what differs from shop to shop. */
export const item = (over: Partial<Item> = {}): Item => ({
  amount: { currency: "EUR", value: 1000 },
  eventCode: "AUTHORISATION",
  eventDate: "2021-01-01T01:00:00+01:00",
  merchantAccountCode: "YOUR_MERCHANT_ACCOUNT",
  merchantReference: "YOUR_MERCHANT_REFERENCE",
  pspReference: "QFQTPCQ8HXSKGK82",
  reason: "",
  success: "true",
  ...over
})

/** Signed by Adyen's own library. */
export const signed = <I extends object>(
  item: I,
  by = key
): I & { readonly additionalData: { readonly hmacSignature: string } } => {
  const additionalData = "additionalData" in item ? (item.additionalData as object) : {}
  // the library reads the fields that it signs, and no more, of whatever it is given
  const hmacSignature = new hmacValidator().calculateHmac({ ...item, additionalData: {} } as never, by)
  return { ...item, additionalData: { ...additionalData, hmacSignature } }
}

/** As the standard webhook posts items. */
export const batch = (...items: ReadonlyArray<object>) => {
  const notificationItems = items.map((NotificationRequestItem) => ({ NotificationRequestItem }))
  const body = Buffer.from(JSON.stringify({ live: "false", notificationItems }))
  return { ...posted(body, { "content-type": "application/json" }), body }
}

/** The same, signed. */
export const signedBatch = (...items: ReadonlyArray<object>) => batch(...items.map((one) => signed(one)))
