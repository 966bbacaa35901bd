import type { MoneyEntry, MoneyKind } from "../Ledger.ts"
import { randomText } from "../Random.ts"
import type { TestOutcome } from "./TestCards.ts"
import type { Item } from "./Webhooks.ts"

/** A reference in the form Adyen gives: 16 capital letters and digits. */
export const newPspReference = (): string => randomText(16).toUpperCase()

/** A card, network token or wallet card. */
export interface Card {
  readonly number: string
  readonly brand: string
  /** As in `expiryDate`, "3/2030". */
  readonly expiry: string
  readonly holderName: string | undefined
  /** A security code came with it, and whether it was the right one. */
  readonly cvc: "none" | "right" | "wrong"
  readonly expiryRight: boolean
}

/** What pays: the method's type, the card where there is one, and the wallet that the merchant decrypted it from. */
export interface Instrument {
  readonly type: string
  readonly card: Card | undefined
  readonly wallet?: Wallet | undefined
}

/** A wallet whose token the merchant decrypted. */
export type Wallet = "applepay" | "googlepay"

/** An instrument kept for a shopper. */
export interface StoredInstrument {
  readonly id: string
  readonly shopperReference: string
  readonly instrument: Instrument
}

/** How the payer was authenticated. */
export interface Authentication {
  readonly authenticated: boolean
  readonly eci: string
}

/** A payment; amounts in Adyen's minor units. */
export interface PaymentRecord {
  readonly pspReference: string
  readonly merchant: Merchant
  readonly reference: string
  readonly metadata: Readonly<Record<string, string>>
  readonly currency: string
  readonly manualCapture: boolean
  readonly instrument: Instrument
  readonly outcome: TestOutcome | undefined
  /** Whom the instrument is to be kept for. */
  readonly storeFor: string | undefined
  readonly addressGiven: boolean
  readonly origin: string
  value: number
  status: "waiting" | "authorised" | "cancelled" | "ended"
  captured: number
  refunded: number
}

/** The state of one merchant account. */
export interface Merchant {
  readonly id: string
  readonly payments: Map<string, PaymentRecord>
  readonly stored: Map<string, StoredInstrument>
}

/** What a payer may choose on a page. */
export type Choice = "authorise" | "refuse" | "cancel"

/** The answer to `/payments` and `/payments/details`. */
export interface PaymentReply {
  readonly resultCode: string
  readonly pspReference?: string
  readonly merchantReference?: string
  readonly amount?: { readonly currency: string; readonly value: number }
  readonly refusalReason?: string
  readonly refusalReasonCode?: string
  readonly paymentMethod?: { readonly type: string; readonly brand?: string }
  readonly additionalData?: Readonly<Record<string, string>>
  readonly action?: Readonly<Record<string, string>>
}

/**
 * Something a payer has to do. A 3-D Secure payment goes to the issuer when its result is submitted; any other is paid
 * on the page itself, whether the merchant comes back for the result or not.
 */
export interface Step {
  readonly kind: "redirect3ds" | "redirect" | "qr" | "await" | "fingerprint" | "challenge"
  readonly payment: PaymentRecord
  readonly returnUrl: string
  readonly frictionless: boolean
  /** Where the issuer's challenge reports to. */
  readonly notificationUrl: string
  readonly threeDSServerTransID: string
  readonly acsTransID: string
  choice: Choice | undefined
  /** The token that the payer brings back, once there is a choice. */
  result: string | undefined
  /** What became of a payment made on the page. */
  reply: PaymentReply | undefined
  submitted: boolean
}

/** What an operation has at hand while it runs. */
export interface Context {
  readonly origin: string
  /** Minor units by which amounts are to be wrong. */
  readonly amountOff: number
  readonly merchant: (id: string) => Merchant
  /** Steps by every token that leads to them, each under a prefix for its use: `page:`, `result:`, `data:` … */
  readonly steps: Map<string, Step>
  readonly money: (
    kind: MoneyKind,
    merchant: string,
    entry: Pick<MoneyEntry, "id" | "payment_id" | "amount" | "currency" | "metadata">
  ) => void
  /** Tells by webhook what became of a payment or of a modification of it. */
  readonly event: (payment: PaymentRecord, item: Item) => void
}
