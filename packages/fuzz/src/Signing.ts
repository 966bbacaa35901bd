import { createHmac } from "node:crypto"
import { type ConnectorId, deliver, type Genuine, secretOf } from "./Deliver.ts"

type Fields = Readonly<Record<string, unknown>>

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** A JSON text as a value; undefined where it is none. */
export const parse = (text: string): unknown => {
  // JSON.parse has no form that reports bad text other than throwing.
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The items of Adyen's batch; none of anything else. */
export const itemsOf = (body: unknown): ReadonlyArray<Fields> => {
  const items = isObject(body) && Array.isArray(body.notificationItems) ? body.notificationItems : []
  return items.flatMap((one: unknown) =>
    isObject(one) && isObject(one.NotificationRequestItem) ? [one.NotificationRequestItem] : []
  )
}

// An object may have a toString of its own, that is none.
const written = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value))

/** What Adyen signs of an item (docs.adyen.com/development-resources/webhooks/verify-hmac-signatures), joined as it joins it. */
export const signedOf = (item: Fields): string => {
  const amount = isObject(item.amount) ? item.amount : {}
  return [
    item.pspReference,
    item.originalReference ?? "",
    item.merchantAccountCode,
    item.merchantReference ?? "",
    amount.value,
    amount.currency,
    item.eventCode,
    item.success
  ]
    .map(written)
    .join(":")
}

const signed = (item: Fields): Fields => {
  const key = Buffer.from(secretOf("adyen"), "hex")
  const hmacSignature = createHmac("sha256", key).update(signedOf(item)).digest("base64")
  return { ...item, additionalData: { ...(isObject(item.additionalData) ? item.additionalData : {}), hmacSignature } }
}

/** Whether a text's brackets are nested so deep that its value might not be written again. */
export const isDeep = (text: string): boolean => {
  let depth = 0
  let deepest = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1
    deepest = Math.max(deepest, depth)
  }
  return deepest > 1000
}

/** Adyen's body with each of its items signed; the text as it is where it is no batch, or nested too deep. */
export const signItems = (text: string): string => {
  if (isDeep(text)) return text
  const body = parse(text)
  if (!isObject(body) || !Array.isArray(body.notificationItems)) return text
  const notificationItems = body.notificationItems.map((one: unknown) =>
    isObject(one) && isObject(one.NotificationRequestItem)
      ? { ...one, NotificationRequestItem: signed(one.NotificationRequestItem) }
      : one
  )
  return JSON.stringify({ ...body, notificationItems })
}

/** The headers of a tokenization webhook (docs.adyen.com/development-resources/webhooks/verify-hmac-signatures). */
export const noticeHeader = (body: string): readonly [string, string] => [
  "hmacsignature",
  createHmac("sha256", Buffer.from(secretOf("adyen"), "hex"))
    .update(body)
    .digest("base64")
]

const sign: Readonly<Record<ConnectorId, (body: string) => Genuine["delivery"]>> = {
  stripe: (body) => deliver("stripe", body),
  adyen: (body) => {
    const written = signItems(body)
    const delivery = deliver("adyen", written)
    return { ...delivery, headers: [...delivery.headers, noticeHeader(written)] }
  },
  paypal: (body) => deliver("paypal", body)
}

/** A body delivered as the processor would deliver it. */
export const resigned = (connector: ConnectorId, body: string): Genuine["delivery"] => sign[connector](body)
