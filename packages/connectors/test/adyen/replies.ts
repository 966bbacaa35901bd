import type { Answer } from "../Stub.ts"
import { replies } from "../Table.ts"

const reply = replies("adyen")

/** A payment that was authorised, with fields replaced (the published example `post-payments-card-direct-200`). */
export const authorised = (over: object = {}): object => reply("payment", over)
/** Fields over what the payment's additional data hold. */
export const additional = (over: object): object => ({ additionalData: over })
/** A modification that was received (the published example `post-payments-paymentPspReference-captures-capture-201`). */
export const received = (over: object = {}): Answer => ({ status: 201, body: reply("modification", over) })
/** A reply of 200. */
export const ok = (body: object): Answer => ({ status: 200, body })
/** A payment that was refused (docs.adyen.com/development-resources/refusal-reasons). */
export const refused = (over: object = {}): Answer =>
  ok({
    pspReference: "993617895204576J",
    resultCode: "Refused",
    refusalReason: "Refused",
    refusalReasonCode: "2",
    merchantReference: "order-1",
    ...over
  })
/** A payment that waits for its payer. Adyen gives no `pspReference` yet (the published example `…-3d-secure-2-web-200`). */
export const waiting = (resultCode: string, action: object, over: object = {}): Answer =>
  ok({ resultCode, action, ...over })
/** An error reply. */
export const error = (status: number, over: object, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  body: reply("error", { status, ...over }),
  ...(headers && { headers })
})

/** A text as the browser's EMV 3-D Secure forms and Adyen's tokens write it. */
export const base64 = (value: object, encoding: "base64" | "base64url" = "base64"): string =>
  Buffer.from(JSON.stringify(value)).toString(encoding)
