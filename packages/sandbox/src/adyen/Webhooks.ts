import { createHmac } from "node:crypto"
import { type Courier, type Happened, hour, minute } from "../Happened.ts"
import { now } from "../Surroundings.ts"
import type { Amount } from "./Requests.ts"
import type { PaymentRecord } from "./State.ts"

/** What becomes of a payment or of a modification, as an item of a webhook tells it. */
export interface Item {
  readonly eventCode: string
  readonly success: boolean
  /** Of the payment itself, or of the modification. */
  readonly pspReference: string
  readonly amount: Amount
  /** Of the modification; the payment's own where it has none. */
  readonly reference?: string | undefined
  readonly reason?: string | undefined
  readonly additionalData?: Readonly<Record<string, string>>
  readonly operations?: ReadonlyArray<string>
}

// Joined as docs.adyen.com/development-resources/webhooks/verify-hmac-signatures says; the key is in hexadecimal.
const signatureOf = (secret: string, parts: ReadonlyArray<string | number>): string =>
  createHmac("sha256", Buffer.from(secret, "hex")).update(parts.join(":")).digest("base64")

/** A standard webhook of one item, as they are in JSON (docs.adyen.com/development-resources/webhooks/webhook-structure). */
export const notificationOf = (payment: PaymentRecord, item: Item): Happened => {
  const { additionalData = {}, amount, eventCode, operations, pspReference, reason, reference } = item
  const { card, type } = payment.instrument
  const originalReference = pspReference === payment.pspReference ? undefined : payment.pspReference
  const merchantReference = reference ?? payment.reference
  const success = String(item.success)
  const signed = [
    pspReference,
    originalReference ?? "",
    payment.merchant.id,
    merchantReference,
    amount.value,
    amount.currency,
    eventCode,
    success
  ]
  const eventDate = `${new Date(now()).toISOString().slice(0, 19)}+00:00`
  return {
    id: `${pspReference}:${eventCode}:${success}`,
    type: eventCode,
    body: (secret) =>
      JSON.stringify({
        live: "false",
        notificationItems: [
          {
            NotificationRequestItem: {
              additionalData: { ...additionalData, hmacSignature: signatureOf(secret, signed) },
              amount,
              eventCode,
              eventDate,
              merchantAccountCode: payment.merchant.id,
              merchantReference,
              ...(operations === undefined ? {} : { operations }),
              ...(originalReference === undefined ? {} : { originalReference }),
              paymentMethod: card?.brand ?? type,
              pspReference,
              reason: reason ?? "",
              success
            }
          }
        ]
      })
  }
}

const most = 30 * 24 * hour
const growing = [2, 5, 10, 15, 30, 60, 120, 240, 480].map((minutes) => minutes * minute)
const grown = growing.reduce((sum, wait) => sum + wait, 0)

/**
 * docs.adyen.com/development-resources/webhooks: what is not acknowledged with a 2xx in ten seconds is sent three times
 * more at once; .../webhooks/troubleshoot: then at growing intervals for thirty days.
 */
export const courier: Courier = {
  secret: "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF",
  form: /^(?:[0-9A-Fa-f]{2}){16,128}$/,
  says: "a key in hexadecimal of 16 to 128 bytes",
  waits: [0, 0, 0, ...growing, ...Array.from({ length: Math.floor((most - grown) / (8 * hour)) }, () => 8 * hour)],
  headers: () => ({ "Content-Type": "application/json; charset=utf-8" })
}
