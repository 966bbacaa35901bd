import { type AuthorizeInput, type Client, connect, Money } from "@connector-service/sdk/Client"
import { fail } from "./Failure.ts"
import { listen } from "./Listener.ts"
import { authenticate, openReturnPage } from "./Payer.ts"
import { type Shop, shops } from "./Shops.ts"
import * as Table from "./Table.ts"
import { expectAnswer, expectError, type Shown, type Walk } from "./Walk.ts"

type Payment = Awaited<ReturnType<Client["payment"]["authorize"]>>

const say = (amount: Money.Money | undefined): string =>
  amount === undefined ? "nothing" : `${Money.format(amount)} ${amount.currencyCode}`

const shownPayment = ({ decline, paymentId, rawStatus, status }: Payment): Shown => ({
  status: decline === undefined ? status : `${status} (${decline.kind.toLowerCase()})`,
  rawStatus,
  id: paymentId
})

const payBy = (
  paymentMethod: AuthorizeInput["paymentMethod"],
  amount: Money.Money,
  reference: string
): AuthorizeInput => ({
  reference,
  amount,
  captureMethod: "MANUAL",
  paymentMethod,
  returnUrl: "https://shop.example/return"
})

const takenInPart = async (walk: Walk): Promise<void> => {
  const { client, print, shop } = walk
  const amount = Money.of("20.00", "EUR")
  const part = Money.of("12.50", "EUR")
  const back = Money.of("5.00", "EUR")
  const asked = shop.lookedUp === undefined ? "" : ", look it up"
  print(Table.title(`Authorize ${say(amount)}, capture ${say(part)} of it, refund ${say(back)} of that${asked}`))
  const { paymentId, state } = await expectAnswer(
    walk,
    "payment.authorize",
    "AUTHORIZED",
    () => client.payment.authorize(payBy(shop.payers.approved, amount, "tour-part")),
    shownPayment
  )
  const captured = await expectAnswer(
    walk,
    "payment.capture",
    shop.modified,
    () => client.payment.capture({ reference: "tour-part-capture", paymentId, amount: part, state }),
    ({ captureId = paymentId, rawStatus, status }) => ({ status, rawStatus, id: captureId })
  )
  await expectAnswer(
    walk,
    "refund.create",
    shop.modified,
    () => client.refund.create({ reference: "tour-part-refund", paymentId, amount: back, state: captured.state }),
    ({ rawStatus, refundId, status }) => ({ status, rawStatus, id: refundId })
  )
  await toldOfCapture(walk, paymentId)
  if (shop.lookedUp === undefined) return
  const { amountCaptured, amountRefunded } = await expectAnswer(
    walk,
    "payment.get",
    shop.lookedUp,
    () => client.payment.get({ paymentId, state }),
    shownPayment
  )
  print(Table.remark(`${say(amountCaptured)} captured, ${say(amountRefunded)} of it refunded`))
}

/** What the processor's webhook tells of the capture: the service verified it, and handed it to its subscriber. */
const toldOfCapture = async ({ listener, print, shop }: Walk, paymentId: string): Promise<void> => {
  const started = performance.now()
  const { account, connector, event } = await listener.told(
    ({ connector, event }) =>
      connector === shop.connector &&
      event._tag === "Capture" &&
      event.rawType === shop.capturedEvent &&
      event.capture.paymentId === paymentId
  )
  if (event._tag !== "Capture") return
  const { amount, captureId = paymentId, status } = event.capture
  const milliseconds = performance.now() - started
  print(Table.row({ connector, flow: "webhook", status, rawStatus: event.rawType, id: captureId, milliseconds }))
  print(Table.remark(`told to the subscriber of ${account}, and acknowledged: ${say(amount)} captured`))
}

const declined = async (walk: Walk): Promise<void> => {
  const { client, print, shop } = walk
  print(Table.title("Two cards that their issuers decline: a soft decline may be tried again, a hard one may not"))
  for (const [kind, payer] of [
    ["soft", shop.payers.declinedSoft],
    ["hard", shop.payers.declinedHard]
  ] as const) {
    const { decline } = await expectAnswer(
      walk,
      "payment.authorize",
      `DECLINED (${kind})`,
      () => client.payment.authorize(payBy(payer, Money.of("20.00", "EUR"), `tour-${kind}`)),
      shownPayment
    )
    print(Table.remark(`${decline?.code}, in the processor's words ${decline?.rawCode}; next: ${decline?.action}`))
  }
}

const challenged = async (walk: Walk): Promise<void> => {
  const { client, print, shop } = walk
  const amount = Money.of("30.00", "EUR")
  print(Table.title(`The payer is sent to a page, comes back, and ${say(amount)} are taken`))
  const page = await openReturnPage()
  const finish = async (): Promise<void> => {
    const { nextAction, paymentId, state } = await expectAnswer(
      walk,
      "payment.authorize",
      "REQUIRES_ACTION",
      () =>
        client.payment.authorize({
          ...payBy(shop.payers.sentAway, amount, "tour-3ds"),
          captureMethod: "AUTOMATIC",
          returnUrl: page.url
        }),
      shownPayment
    )
    if (nextAction?._tag !== "Redirect") return fail("The tour ended at payment.authorize: it gave no redirect.")
    await authenticate(nextAction)
    const returned = page.returned()
    if (returned === undefined) return fail(`The tour ended at the payer: ${nextAction.url} did not lead back.`)
    print(Table.remark(`the payer ${shop.page} at ${new URL(nextAction.url).host} and came back to ${page.url}`))
    const { amountCaptured } = await expectAnswer(
      walk,
      "payment.complete",
      "CAPTURED",
      () => client.payment.complete({ reference: "tour-3ds-complete", paymentId, amount, returned, state }),
      shownPayment
    )
    print(Table.remark(`${say(amountCaptured)} captured`))
  }
  await finish().finally(page.close)
}

type Unsettled = Parameters<Client["settlement"]["settle"]>[0]["unsettled"]

/** How long the caller waits for the answer that does not come, in milliseconds. */
const patience = 1_500

const unknown = async (walk: Walk): Promise<void> => {
  const { client, print, sandbox, shop } = walk
  print(Table.title("A processor that does as asked and never answers: find out, and never pay twice"))
  const fault = await fetch(`${sandbox}/_sandbox/faults`, {
    method: "POST",
    body: JSON.stringify({ kind: "hang_after", method: "POST", path: shop.authorizePath, count: 1 })
  })
  if (!fault.ok) return fail(`The tour ended at a fault that the sandbox refused: ${await fault.text()}`)
  const payment = payBy(shop.payers.approved, Money.of("40.00", "EUR"), "tour-unknown")
  const { unsettled } = await expectError(walk, "payment.authorize", "UnknownOutcome", () =>
    client.payment.authorize(payment, { timeout: patience })
  )
  const settled = await (shop.findsByReference ? settle(walk, unsettled) : repeat(walk, payment, unsettled))
  print(Table.remark(`it has it: ${settled.status}, ${say(settled.amountAuthorized ?? payment.amount)} reserved once`))
}

const settle = async (walk: Walk, unsettled: Unsettled): Promise<Payment> => {
  const { client, print } = walk
  print(Table.remark("money may have moved, so nothing is sent again: the processor is asked"))
  const settlement = await expectAnswer(
    walk,
    "settlement.settle",
    "Taken",
    () => client.settlement.settle({ unsettled }),
    (settled) => ({
      status: settled._tag,
      ...(settled._tag === "Taken" && settled.found._tag === "Payment"
        ? { rawStatus: settled.found.payment.rawStatus, id: settled.found.payment.paymentId }
        : {})
    })
  )
  return settlement._tag === "Taken" && settlement.found._tag === "Payment"
    ? settlement.found.payment
    : fail("The tour ended at settlement.settle: it found no payment.")
}

/** Where a payment cannot be looked for by its reference, the same call under the same key finds out, and pays no second time. */
const repeat = (walk: Walk, payment: AuthorizeInput, { firstSentAt }: Unsettled): Promise<Payment> => {
  walk.print(Table.remark("money may have moved: the very same call is sent again, under its key"))
  return expectAnswer(
    walk,
    "payment.authorize",
    "AUTHORIZED",
    () => walk.client.payment.authorize({ ...payment, firstSentAt }),
    shownPayment
  )
}

const visit = async (
  shop: Shop,
  { grpc, sandbox }: Places,
  { listener, print }: Pick<Walk, "listener" | "print">
): Promise<void> => {
  const client = connect(grpc, { connector: shop.connector, environment: "sandbox", account: "sandbox" })
  const walk: Walk = { shop, client, sandbox, listener, print }
  const all = async (): Promise<void> => {
    for (const part of [takenInPart, declined, challenged, unknown]) await part(walk)
  }
  await all().finally(client.close)
}

/** Where the tour goes. */
export interface Places {
  /** The server's "host:port". */
  readonly grpc: string
  /** The server's base address over HTTP. */
  readonly http: string
  /** The sandbox's base address. */
  readonly sandbox: string
}

/** Makes the calls that a shop would make, at every connector, and prints each. Rejects with Failure when one goes wrong. */
export const tour = async (places: Places, print: (line: string) => void): Promise<void> => {
  const { grpc, http, sandbox } = places
  const listener = await listen(grpc)
  const endpoints = `${sandbox}/_sandbox/webhooks`
  const urlOf = (processor: string) => `${http}/webhooks/${processor}/sandbox`
  const wanted = shops.map(({ connector }) => ({ processor: connector, url: urlOf(connector), time_scale: 0 }))
  const added = await fetch(endpoints, { method: "POST", body: JSON.stringify(wanted) })
  const all = async (): Promise<void> => {
    if (!added.ok) return fail(`The tour ended at an endpoint that the sandbox refused: ${await added.text()}`)
    print(Table.heading)
    for (const shop of shops) await visit(shop, places, { listener, print })
    // what is told from now on has nobody who listens
    await fetch(endpoints, { method: "DELETE" })
  }
  await all().finally(listener.close)
}
