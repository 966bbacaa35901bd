import { html as htmlPage, outcomeButton } from "../Html.ts"
import type { Call, Handled, Reply } from "../Processor.ts"
import type { Context, OrderRecord } from "./Account.ts"
import { writeMoney } from "./Amounts.ts"
import { pay } from "./Paying.ts"
import { approvedWallet, type Funding, payer, type Source } from "./Sources.ts"
import { failed, passed } from "./TestCards.ts"
import { orderView, payerPath } from "./Views.ts"

/** An order that a payer may be sent to, with what is at hand when its page is answered. */
export interface Approval {
  readonly context: Context
  readonly order: OrderRecord
}

const html = (status: number, body: string): Reply => htmlPage(status, "PayPal test page", body)

const approve =
  (funding: Funding) =>
  ({ context, order }: Approval): void => {
    order.source = approvedWallet(order.source, funding)
    order.status = "APPROVED"
    context.event("CHECKOUT.ORDER.APPROVED", "checkout-order", () => orderView(context, order), "Order approved")
  }

/** Ends 3-D Secure. PayPal leaves it to the merchant what to make of the result: the order can be paid either way. */
const authenticate =
  (outcome: "complete" | "fail") =>
  ({ order }: Approval): void => {
    const { source } = order
    if (source === undefined) return
    order.source = { ...source, authentication: outcome === "fail" ? failed : (source.card?.authentication ?? passed) }
    order.status = "APPROVED"
  }

const payByBank = ({ context, order }: Approval): void => {
  if (order.source !== undefined) pay(context, order, order.source)
}

interface Choice {
  readonly label: string
  readonly act: (approval: Approval) => void
}

const choices: Record<Source["kind"], Readonly<Record<string, Choice>>> = {
  wallet: {
    approve: { label: "Approve", act: approve("instant") },
    "approve-declined": { label: "Approve with a card that is declined", act: approve("declined") },
    "approve-echeck": { label: "Approve with an eCheck", act: approve("echeck") }
  },
  card: {
    complete: { label: "Complete authentication", act: authenticate("complete") },
    fail: { label: "Fail authentication", act: authenticate("fail") }
  },
  bank: { approve: { label: "Pay", act: payByBank } }
}

const kindOf = ({ source }: OrderRecord): Source["kind"] => source?.kind ?? "wallet"

// A wallet's payer may come back and choose another instrument until the order is paid.
const isOpen = (order: OrderRecord): boolean =>
  order.status === "CREATED" ||
  order.status === "PAYER_ACTION_REQUIRED" ||
  (order.status === "APPROVED" && kindOf(order) === "wallet")

const page = (order: OrderRecord): Reply => {
  if (!isOpen(order)) return html(410, "<p>This order needs nothing from its payer.</p>")
  const action = `/paypal${payerPath(order)}`
  const amounts = order.units.map(({ money }) => Object.values(writeMoney(money)).join(" ")).join(", ")
  const buttons = Object.entries(choices[kindOf(order)]).map(([name, { label }]) => outcomeButton(action, name, label))
  return html(
    200,
    `<h1>PayPal test page</h1><p>Amount: ${amounts}</p>${buttons.join("")}${outcomeButton(action, "cancel", "Cancel")}`
  )
}

const goTo = (url: string | undefined, order: OrderRecord, approved: boolean): Reply => {
  if (order.source?.inApp === true || url === undefined || !URL.canParse(url))
    return html(200, "<p>Done. This page can be closed.</p>")
  const target = new URL(url)
  target.searchParams.append("token", order.id)
  if (approved && kindOf(order) === "wallet") target.searchParams.append("PayerID", payer.id)
  return { status: 303, headers: { Location: target.href }, body: "" }
}

/** Serves the page on which a payer approves or cancels an order, or completes 3-D Secure: GET shows it, POST takes the choice. */
export const servePage = (approval: Approval | undefined, call: Call): Handled => {
  const unprocessed = (reply: Reply): Handled => ({ reply, processed: false, replayed: false })
  if (approval === undefined) return unprocessed(html(404, "<p>There is no such order.</p>"))
  const { order } = approval
  if (call.method === "GET") return unprocessed(page(order))
  const outcome = new URLSearchParams(call.body).get("outcome") ?? ""
  if (outcome === "cancel") return unprocessed(goTo(order.cancelUrl, order, false))
  const known = choices[kindOf(order)]
  const choice = Object.hasOwn(known, outcome) ? known[outcome] : undefined
  if (call.method !== "POST" || choice === undefined) return unprocessed(html(400, "<p>Approve or cancel?</p>"))
  const open = isOpen(order)
  if (open) choice.act(approval)
  return { reply: goTo(order.returnUrl, order, true), processed: open, replayed: false }
}
