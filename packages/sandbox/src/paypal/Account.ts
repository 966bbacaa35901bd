import type { Tree } from "../Json.ts"
import type { MoneyEntry, MoneyKind } from "../Ledger.ts"
import { randomText } from "../Random.ts"
import type { Money } from "./Amounts.ts"
import type { Place } from "./Issues.ts"
import type { Source } from "./Sources.ts"
import type { Kept } from "./Vault.ts"
import type { ResourceType } from "./Webhooks.ts"

/** An id in the form PayPal gives: 17 capitals and digits. */
export const newId = (): string => randomText(17).toUpperCase()

/** The merchant's own references on one object. */
export interface References {
  readonly invoiceId: string | undefined
  readonly customId: string | undefined
}

/** What an authorization, a capture and a refund have in common. */
interface Movement {
  readonly id: string
  readonly order: OrderRecord
  readonly unit: UnitRecord
  readonly money: Money
  readonly references: References
  readonly created: string
  updated: string
}

/** Reserved money; `captured` in minor units; `closed` once a capture was said to be the final one. */
export interface AuthorizationRecord extends Movement {
  status: "CAPTURED" | "CREATED" | "DENIED" | "PARTIALLY_CAPTURED" | "VOIDED"
  captured: number
  closed: boolean
}

/** Taken money; `refunded` in minor units. */
export interface CaptureRecord extends Movement {
  readonly authorization: AuthorizationRecord | undefined
  readonly final: boolean
  status: "COMPLETED" | "DECLINED" | "PARTIALLY_REFUNDED" | "PENDING" | "REFUNDED"
  refunded: number
}

/** Returned money; `total` is what was refunded of the capture by then. */
export interface RefundRecord extends Movement {
  readonly capture: CaptureRecord
  readonly note: string | undefined
  readonly total: number
}

/** A purchase unit; `given` holds the fields of the request that replies repeat. */
export interface UnitRecord {
  readonly given: Tree
  readonly referenceId: string
  readonly money: Money
  readonly references: References
  readonly authorizations: Array<AuthorizationRecord>
  readonly captures: Array<CaptureRecord>
  readonly refunds: Array<RefundRecord>
}

/** An order. */
export interface OrderRecord {
  readonly id: string
  readonly intent: "AUTHORIZE" | "CAPTURE"
  readonly units: ReadonlyArray<UnitRecord>
  readonly instruction: string | undefined
  readonly created: string
  updated: string
  status: "APPROVED" | "COMPLETED" | "CREATED" | "PAYER_ACTION_REQUIRED"
  source: Source | undefined
  returnUrl: string | undefined
  cancelUrl: string | undefined
}

/** The state behind one client id. */
export class Account {
  readonly id: string
  readonly merchantId: string
  readonly orders = new Map<string, OrderRecord>()
  readonly authorizations = new Map<string, AuthorizationRecord>()
  readonly captures = new Map<string, CaptureRecord>()
  readonly refunds = new Map<string, RefundRecord>()
  readonly vault = new Map<string, Kept>()
  /** The invoice ids of payments, of captures of authorizations and of refunds: each may be used once. */
  readonly invoices = { orders: new Set<string>(), captures: new Set<string>(), refunds: new Set<string>() }

  constructor(id: string, merchantId: string) {
    this.id = id
    this.merchantId = merchantId
  }
}

/** What an operation has at hand while it runs. */
export interface Context {
  readonly account: Account
  readonly place: Place
  /** ISO 8601, to the second. */
  readonly now: string
  readonly origin: string
  /** Minor units by which amounts are to be wrong. */
  readonly amountOff: number
  readonly keyed: boolean
  readonly money: (
    kind: MoneyKind,
    entry: Pick<MoneyEntry, "id" | "payment_id" | "amount" | "currency" | "metadata">
  ) => void
  /** Tells by webhook what happened to a resource, of which `view` is what is shown. */
  readonly event: (type: string, resource: ResourceType, view: () => object, summary: string) => void
}

/** Tells the ledger of accepted money. */
export const record = (context: Context, kind: MoneyKind, movement: Movement, amount = movement.money.minor): void => {
  const { invoiceId, customId } = movement.references
  const reference = invoiceId ?? customId
  context.money(kind, {
    id: movement.id,
    payment_id: movement.order.id,
    amount,
    currency: movement.money.currency.toLowerCase(),
    metadata: {
      ...(reference === undefined ? {} : { reference }),
      ...(invoiceId === undefined ? {} : { invoice_id: invoiceId }),
      ...(customId === undefined ? {} : { custom_id: customId }),
      ...(movement.unit.given.reference_id === undefined ? {} : { reference_id: movement.unit.referenceId })
    }
  })
}
