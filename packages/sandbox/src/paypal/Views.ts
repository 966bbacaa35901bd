import type { Tree } from "../Json.ts"
import type { AuthorizationRecord, CaptureRecord, Context, OrderRecord, RefundRecord, UnitRecord } from "./Account.ts"
import { writeMoney } from "./Amounts.ts"
import type { Link } from "./Refusal.ts"
import { payer, type Source } from "./Sources.ts"
import type { Authentication } from "./TestCards.ts"
import { vaultView } from "./Vault.ts"

type Viewer = Pick<Context, "account" | "origin">

// An authorization is valid for 29 days (developer.paypal.com/docs/checkout/advanced/authorization-honor).
const validDays = 29

const links = ({ origin }: Viewer, ...rows: ReadonlyArray<readonly [rel: string, path: string, method: string]>) =>
  rows.map(([rel, path, method]): Link => ({ href: `${origin}/paypal${path}`, rel, method }))

const orderPath = (order: OrderRecord): string => `/v2/checkout/orders/${order.id}`
const authorizationPath = (id: string): string => `/v2/payments/authorizations/${id}`
const capturePath = (id: string): string => `/v2/payments/captures/${id}`

/** Where the payer approves an order. */
export const payerPath = (order: OrderRecord): string => `/checkoutnow?token=${order.id}`

/** The link that takes a payer to the page again. */
export const payerLink = (viewer: Viewer, order: OrderRecord, rel: string): ReadonlyArray<Link> =>
  links(viewer, [rel, payerPath(order), "GET"])

const orderLinks = (viewer: Viewer, order: OrderRecord): ReadonlyArray<Link> => {
  const self = links(viewer, ["self", orderPath(order), "GET"])
  const step = order.intent === "CAPTURE" ? "capture" : "authorize"
  const next = links(viewer, [step, `${orderPath(order)}/${step}`, "POST"])
  switch (order.status) {
    case "PAYER_ACTION_REQUIRED":
      return order.source?.inApp === true ? self : [...self, ...payerLink(viewer, order, "payer-action")]
    case "CREATED":
      return [...self, ...payerLink(viewer, order, "approve"), ...next]
    case "APPROVED":
      return [...self, ...next]
    case "COMPLETED":
      return self
  }
}

const referencesView = ({ invoiceId, customId }: UnitRecord["references"]): Tree => ({
  ...(invoiceId === undefined ? {} : { invoice_id: invoiceId }),
  ...(customId === undefined ? {} : { custom_id: customId })
})

const protection = (order: OrderRecord): Tree =>
  order.source?.kind === "wallet"
    ? { status: "ELIGIBLE", dispute_categories: ["ITEM_NOT_RECEIVED", "UNAUTHORIZED_TRANSACTION"] }
    : { status: "NOT_ELIGIBLE" }

const cardView = ({ source }: OrderRecord): object =>
  source?.card === undefined
    ? {}
    : { network_transaction_reference: source.card.network, processor_response: source.card.response }

const payee = ({ account }: Viewer): Tree => ({
  email_address: "merchant@example.com",
  merchant_id: account.merchantId
})

const expiry = (created: string): string =>
  `${new Date(Date.parse(created) + validDays * 86_400_000).toISOString().slice(0, 19)}Z`

const authorizationBody = (viewer: Viewer, authorization: AuthorizationRecord): object => {
  const { id, order, money, references, created, updated, status } = authorization
  const at = authorizationPath(id)
  return {
    id,
    status,
    amount: writeMoney(money),
    ...referencesView(references),
    seller_protection: protection(order),
    expiration_time: expiry(created),
    create_time: created,
    update_time: updated,
    links: links(
      viewer,
      ["self", at, "GET"],
      ["capture", `${at}/capture`, "POST"],
      ["void", `${at}/void`, "POST"],
      ["up", orderPath(order), "GET"]
    )
  }
}

const captureBody = (viewer: Viewer, capture: CaptureRecord): object => {
  const { id, order, money, references, created, updated, status } = capture
  const took = status !== "DECLINED" && status !== "PENDING"
  const up = capture.authorization === undefined ? orderPath(order) : authorizationPath(capture.authorization.id)
  return {
    id,
    status,
    ...(status === "PENDING" ? { status_details: { reason: "ECHECK" } } : {}),
    amount: writeMoney(money),
    ...referencesView(references),
    final_capture: capture.final,
    seller_protection: protection(order),
    ...(took
      ? { seller_receivable_breakdown: { gross_amount: writeMoney(money), net_amount: writeMoney(money) } }
      : {}),
    create_time: created,
    update_time: updated,
    links: links(
      viewer,
      ["self", capturePath(id), "GET"],
      ["refund", `${capturePath(id)}/refund`, "POST"],
      ["up", up, "GET"]
    )
  }
}

const related = (
  order: OrderRecord,
  authorization: AuthorizationRecord | undefined,
  capture?: CaptureRecord
): object => ({
  supplementary_data: {
    related_ids: {
      order_id: order.id,
      ...(authorization === undefined ? {} : { authorization_id: authorization.id }),
      ...(capture === undefined ? {} : { capture_id: capture.id })
    }
  }
})

/** An authorization as the Payments API shows it. */
export const authorizationView = (viewer: Viewer, authorization: AuthorizationRecord): object => ({
  ...authorizationBody(viewer, authorization),
  ...(authorization.order.source?.card === undefined
    ? {}
    : { network_transaction_reference: authorization.order.source.card.network }),
  ...related(authorization.order, undefined),
  payee: payee(viewer)
})

/** A capture as the Payments API shows it. */
export const captureView = (viewer: Viewer, capture: CaptureRecord): object => ({
  ...captureBody(viewer, capture),
  ...cardView(capture.order),
  ...related(capture.order, capture.authorization),
  payee: payee(viewer)
})

/** A refund. */
export const refundView = (viewer: Viewer, refund: RefundRecord): object => {
  const { id, money, references, created, updated } = refund
  const amount = writeMoney(money)
  return {
    id,
    status: "COMPLETED",
    amount,
    ...referencesView(references),
    ...(refund.note === undefined ? {} : { note_to_payer: refund.note }),
    seller_payable_breakdown: {
      gross_amount: amount,
      net_amount: amount,
      total_refunded_amount: writeMoney({ currency: money.currency, minor: refund.total })
    },
    payer: payee(viewer),
    create_time: created,
    update_time: updated,
    links: links(viewer, ["self", `/v2/payments/refunds/${id}`, "GET"], ["up", capturePath(refund.capture.id), "GET"])
  }
}

const paymentsView = (viewer: Viewer, unit: UnitRecord): object => {
  const { authorizations, captures, refunds } = unit
  if (authorizations.length + captures.length === 0) return {}
  const payments = {
    ...(authorizations.length === 0
      ? {}
      : {
          authorizations: authorizations.map((authorization) => ({
            ...authorizationBody(viewer, authorization),
            ...cardView(authorization.order)
          }))
        }),
    ...(captures.length === 0
      ? {}
      : {
          captures: captures.map((capture) => ({ ...captureBody(viewer, capture), ...cardView(capture.order) }))
        }),
    ...(refunds.length === 0 ? {} : { refunds: refunds.map((refund) => refundView(viewer, refund)) })
  }
  return { payments }
}

const authenticationView = ({ liabilityShift, enrollment, status }: Authentication): Tree => ({
  liability_shift: liabilityShift,
  ...(enrollment === undefined && status === undefined
    ? {}
    : {
        three_d_secure: {
          ...(enrollment === undefined ? {} : { enrollment_status: enrollment }),
          ...(status === undefined ? {} : { authentication_status: status })
        }
      })
})

const sourceView = (viewer: Viewer, { type, view, authentication, kept }: Source): object => ({
  [type]: {
    ...view,
    ...(authentication === undefined ? {} : { authentication_result: authenticationView(authentication) }),
    ...(kept === undefined ? {} : { attributes: { vault: vaultView(viewer, kept) } })
  }
})

const payerView = ({ status, source }: OrderRecord): object =>
  source?.kind === "wallet" && status !== "PAYER_ACTION_REQUIRED"
    ? { payer: { payer_id: payer.id, email_address: payer.email, name: { given_name: "Pat", surname: "Ayer" } } }
    : {}

/** An order, whole. */
export const orderView = (viewer: Viewer, order: OrderRecord): object => ({
  id: order.id,
  intent: order.intent,
  status: order.status,
  ...(order.instruction === undefined ? {} : { processing_instruction: order.instruction }),
  ...(order.source === undefined ? {} : { payment_source: sourceView(viewer, order.source) }),
  purchase_units: order.units.map((unit) => ({
    ...unit.given,
    reference_id: unit.referenceId,
    payee: payee(viewer),
    ...paymentsView(viewer, unit)
  })),
  ...payerView(order),
  create_time: order.created,
  update_time: order.updated,
  links: orderLinks(viewer, order)
})

/** The minimal form of a resource: "the id, status and HATEOAS links" (the published description of Prefer). */
export const minimal = (view: object): object =>
  Object.fromEntries(Object.entries(view).filter(([name]) => ["id", "status", "links"].includes(name)))
