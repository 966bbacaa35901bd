import { type Tree, textOf, treeOf, treesOf } from "../Json.ts"
import { type Context, newId, type OrderRecord, type UnitRecord } from "./Account.ts"
import { type Money, readMoney } from "./Amounts.ts"
import { pay, settle } from "./Paying.ts"
import { invalid, missing, Refusal, unprocessable } from "./Refusal.ts"
import { breakdownParts } from "./Shapes.ts"
import { readSource, type Source } from "./Sources.ts"
import { minimal, orderView, payerLink } from "./Views.ts"

/** What an operation made or found: its whole and its minimal form, as they are when asked for; null for no body. */
export interface Answer {
  readonly whole: () => object | null
  readonly brief: () => object | null
}

const answer = (context: Context, order: OrderRecord): Answer => ({
  whole: () => orderView(context, order),
  brief: () => minimal(orderView(context, order))
})

const sum = (parts: Tree, names: ReadonlyArray<string>, at: string, currency: string): number | Refusal => {
  let total = 0
  for (const name of names) {
    if (parts[name] === undefined) continue
    const part = readMoney(treeOf(parts, name), `${at}/${name}`, "orders", "zero")
    if (part instanceof Refusal) return part
    if (part.currency !== currency) return unprocessable("MULTI_CURRENCY_ORDER", { field: `${at}/${name}` })
    total += part.minor
  }
  return total
}

const checkBreakdown = (amount: Tree, money: Money, at: string): Refusal | undefined => {
  if (amount.breakdown === undefined) return undefined
  const parts = treeOf(amount, "breakdown")
  const added = sum(parts, breakdownParts.added, `${at}/breakdown`, money.currency)
  if (added instanceof Refusal) return added
  const taken = sum(parts, breakdownParts.taken, `${at}/breakdown`, money.currency)
  if (taken instanceof Refusal) return taken
  return added - taken === money.minor
    ? undefined
    : unprocessable("AMOUNT_MISMATCH", { field: `${at}/value`, value: textOf(amount, "value") ?? "" })
}

const checkItems = (given: Tree, money: Money, at: string): Refusal | undefined => {
  const items = treesOf(given, "items")
  if (items.length === 0) return undefined
  const total = treeOf(treeOf(treeOf(given, "amount"), "breakdown"), "item_total")
  if (textOf(total, "value") === undefined) {
    return unprocessable("ITEM_TOTAL_REQUIRED", { field: `${at}/amount/breakdown/item_total` })
  }
  let counted = 0
  for (const [place, item] of items.entries()) {
    const price = readMoney(treeOf(item, "unit_amount"), `${at}/items/${place}/unit_amount`, "orders", "zero")
    if (price instanceof Refusal) return price
    counted += price.minor * Number(textOf(item, "quantity") ?? "0")
  }
  const said = sum({ total }, ["total"], at, money.currency)
  if (said instanceof Refusal) return said
  return said === counted
    ? undefined
    : unprocessable("ITEM_TOTAL_MISMATCH", { field: `${at}/amount/breakdown/item_total` })
}

const readUnit = (context: Context, given: Tree, at: string): UnitRecord | Refusal => {
  const amount = treeOf(given, "amount")
  const money = readMoney(amount, `${at}/amount`, "orders")
  if (money instanceof Refusal) return money
  const refusal = checkBreakdown(amount, money, `${at}/amount`) ?? checkItems(given, money, at)
  if (refusal !== undefined) return refusal
  return {
    given,
    referenceId: textOf(given, "reference_id") ?? "default",
    money: { ...money, minor: money.minor + context.amountOff },
    references: { invoiceId: textOf(given, "invoice_id"), customId: textOf(given, "custom_id") },
    authorizations: [],
    captures: [],
    refunds: []
  }
}

const readUnits = (context: Context, params: Tree): ReadonlyArray<UnitRecord> | Refusal => {
  const given = treesOf(params, "purchase_units")
  const units: Array<UnitRecord> = []
  for (const [place, one] of given.entries()) {
    const at = `/purchase_units/${place}`
    if (given.length > 1 && one.reference_id === undefined) {
      return unprocessable("REFERENCE_ID_REQUIRED", { field: `${at}/reference_id` })
    }
    const unit = readUnit(context, one, at)
    if (unit instanceof Refusal) return unit
    if (units.some(({ referenceId }) => referenceId === unit.referenceId)) {
      return unprocessable("DUPLICATE_REFERENCE_ID", { field: `${at}/reference_id`, value: unit.referenceId })
    }
    if (units.some(({ money }) => money.currency !== unit.money.currency)) {
      return unprocessable("MULTI_CURRENCY_ORDER", { field: `${at}/amount/currency_code` })
    }
    units.push(unit)
  }
  return units
}

const completesOnApproval = "ORDER_COMPLETE_ON_PAYMENT_APPROVAL"

// Of what this sandbox knows, only bank payments are captured at once when approved, and they must be.
const checkInstruction = (params: Tree, source: Source | undefined): Refusal | undefined => {
  const instructed = params.processing_instruction === completesOnApproval
  const field = "/processing_instruction"
  if (source?.kind !== "bank") {
    return instructed ? unprocessable("UNSUPPORTED_PROCESSING_INSTRUCTION", { field }) : undefined
  }
  if (!instructed) return unprocessable(completesOnApproval, { field })
  return params.intent === "CAPTURE" ? undefined : unprocessable("INCOMPATIBLE_PARAMETER_VALUE", { field: "/intent" })
}

const waitsForPayer = (source: Source): boolean =>
  (source.kind !== "card" && !source.saved) ||
  (source.card?.authentication?.challenge === true && source.authentication === undefined)

const statusOf = (source: Source | undefined): OrderRecord["status"] => {
  if (source === undefined) return "CREATED"
  return waitsForPayer(source) ? "PAYER_ACTION_REQUIRED" : "APPROVED"
}

/** `POST /v2/checkout/orders`. With a card that needs no payer, the order is paid at once. */
export const createOrder = (context: Context, _id: string, params: Tree): Answer | Refusal => {
  const paid = params.payment_source !== undefined
  if (paid && !context.keyed) return invalid({ issue: "PAYPAL_REQUEST_ID_REQUIRED" })
  const units = readUnits(context, params)
  if (units instanceof Refusal) return units
  const intent = params.intent === "AUTHORIZE" ? "AUTHORIZE" : "CAPTURE"
  if (intent === "AUTHORIZE" && units.length > 1) return unprocessable("UNSUPPORTED_INTENT", { field: "/intent" })
  const source = paid ? readSource(context, treeOf(params, "payment_source")) : undefined
  if (source instanceof Refusal) return source
  const unfit = checkInstruction(params, source)
  if (unfit !== undefined) return unfit
  const application = treeOf(params, "application_context")
  const order: OrderRecord = {
    id: newId(),
    intent,
    units,
    instruction: textOf(params, "processing_instruction"),
    created: context.now,
    updated: context.now,
    status: statusOf(source),
    source,
    returnUrl: source?.returnUrl ?? textOf(application, "return_url"),
    cancelUrl: source?.cancelUrl ?? textOf(application, "cancel_url")
  }
  const refusal = source !== undefined && order.status === "APPROVED" ? pay(context, order, source) : undefined
  if (refusal !== undefined) return refusal
  context.account.orders.set(order.id, order)
  return answer(context, order)
}

const find = (context: Context, id: string): OrderRecord | Refusal =>
  context.account.orders.get(id) ?? missing("id", id)

/** `GET /v2/checkout/orders/{id}`. */
export const retrieveOrder = (context: Context, id: string): Answer | Refusal => {
  const order = find(context, id)
  if (order instanceof Refusal) return order
  const seen = orderView(context, order)
  for (const unit of order.units) for (const capture of unit.captures) settle(context, capture)
  return { whole: () => seen, brief: () => seen }
}

/** Takes a card given with the call; 422 with the payer's link when its 3-D Secure asks the payer. */
const takeSource = (context: Context, order: OrderRecord, params: Tree): Refusal | undefined => {
  if (params.payment_source === undefined) return undefined
  const source = readSource(context, treeOf(params, "payment_source"))
  if (source instanceof Refusal) return source
  if (source.kind !== "card" && !source.saved)
    return invalid({ issue: "INVALID_PARAMETER_VALUE", field: "/payment_source" })
  order.source = source
  order.returnUrl = source.returnUrl ?? order.returnUrl
  order.cancelUrl = source.cancelUrl ?? order.cancelUrl
  order.status = statusOf(source)
  return waitsForPayer(source)
    ? new Refusal(422, [{ issue: "PAYER_ACTION_REQUIRED" }], payerLink(context, order, "payer-action"))
    : undefined
}

interface Step {
  readonly intent: OrderRecord["intent"]
  readonly done: string
  /** The file lists ACTION_DOES_NOT_MATCH_INTENT for authorize only. */
  readonly mismatch: string
}

const complete =
  (step: Step) =>
  (context: Context, id: string, params: Tree): Answer | Refusal => {
    const order = find(context, id)
    if (order instanceof Refusal) return order
    if (order.intent !== step.intent) return unprocessable(step.mismatch, { field: "/intent", value: order.intent })
    if (order.status === "COMPLETED") return unprocessable(step.done)
    const refusal = takeSource(context, order, params)
    if (refusal !== undefined) return refusal
    if (order.status !== "APPROVED" || order.source === undefined) return unprocessable("ORDER_NOT_APPROVED")
    return pay(context, order, order.source, context.amountOff) ?? answer(context, order)
  }

/** `POST /v2/checkout/orders/{id}/authorize`. */
export const authorizeOrder = complete({
  intent: "AUTHORIZE",
  done: "ORDER_ALREADY_AUTHORIZED",
  mismatch: "ACTION_DOES_NOT_MATCH_INTENT"
})

/** `POST /v2/checkout/orders/{id}/capture`. */
export const captureOrder = complete({
  intent: "CAPTURE",
  done: "ORDER_ALREADY_CAPTURED",
  mismatch: "INCOMPATIBLE_PARAMETER_VALUE"
})
