import { createHmac } from "node:crypto"
import type { LedgerView } from "@connector-service/sandbox/Ledger"
import { expect, onTestFinished, test } from "vitest"
import { listens, type Program, placesOf, signal, startProgram, takePort } from "./programs.ts"

const started = (...given: Parameters<typeof startProgram>): Program => {
  const program = startProgram(...given)
  onTestFinished(() => {
    signal(program, "SIGKILL")
  })
  return program
}

const listening = (program: Program): Promise<ReadonlyArray<boolean>> =>
  Promise.all(Object.values(placesOf(program.stdout())).map(listens))

test.each(["PORT", "HTTP_PORT", "SANDBOX_PORT"])(
  "a busy %s is one line that names it",
  async (variable) => {
    const { free, port } = await takePort()
    onTestFinished(free)
    const program = started("start", { [variable]: String(port) })
    expect(await program.ended).toBe(1)
    expect(program.stderr()).toBe(`Port ${port} of 127.0.0.1 is taken: set ${variable} to another one.\n`)
    expect(program.stdout()).toBe("")
  },
  30_000
)

test.each([
  ["PORT", "x"],
  ["SANDBOX_PORT", "65536"]
])(
  "a %s that is none is one line that names it",
  async (variable, text) => {
    const program = started("serve", { [variable]: text })
    expect(await program.ended).toBe(1)
    expect(program.stderr()).toBe(`${variable} must be a whole number from 0 to 65535.\n`)
  },
  30_000
)

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s, however often, ends it in order and leaves nothing",
  async (name) => {
    const program = started("serve")
    await program.said("Ctrl-C ends it.")
    expect(await listening(program)).toEqual([true, true, true])
    // npm passes on what the terminal has already sent
    signal(program, name, name)
    expect(await program.ended).toBe(0)
    expect(await listening(program)).toEqual([false, false, false])
    expect(program.stderr()).toBe("")
  },
  30_000
)

test("a webhook that is posted to it is a line of its own standard output", async () => {
  const program = started("serve")
  await program.said("Ctrl-C ends it.")
  const data = { object: { id: "plan_1" } }
  const body = JSON.stringify({ id: "evt_1", object: "event", created: 1_686_089_970, type: "plan.created", data })
  // https://docs.stripe.com/webhooks#verify-manually
  const at = Math.floor(Date.now() / 1000)
  const signature = createHmac("sha256", "whsec_sandbox").update(`${at}.${body}`).digest("hex")
  const { status } = await fetch(`http://${placesOf(program.stdout()).http}/webhooks/stripe/sandbox`, {
    method: "POST",
    headers: { "content-type": "application/json", "stripe-signature": `t=${at},v1=${signature}` },
    body
  })
  expect(status).toBe(200)
  await program.said("evt_1")
  const lines = program.stdout().split("\n")
  expect(JSON.parse(lines.find((line) => line.includes("evt_1")) ?? "")).toMatchObject({
    specversion: "1.0",
    id: "evt_1",
    type: "payments.v1.event.other"
  })
  expect(program.stderr()).toBe("")
}, 30_000)

test("the tour's calls come to the ends that they are made for", async () => {
  const program = started("start")
  await program.said("Ctrl-C ends it.")
  const lines = program.stdout().split("\n")
  const heading = lines[0] ?? ""
  const from = (title: string) => heading.indexOf(title)
  const rows = lines
    .filter((line) => /^(?:stripe|adyen|paypal) /.test(line))
    .map((line) => ({
      connector: line.slice(0, from("flow")).trim(),
      flow: line.slice(from("flow"), from("status")).trim(),
      status: line.slice(from("status"), from("raw status")).trim(),
      raw: line.slice(from("raw status"), from("processor's id")).trim(),
      id: line.slice(from("processor's id"), -5).trim(),
      milliseconds: line.slice(-5).trim()
    }))

  // raw statuses: https://docs.stripe.com/payments/paymentintents/lifecycle and https://docs.stripe.com/api/refunds/object
  const rowsOf = (id: string) =>
    rows.filter(({ connector }) => connector === id).map(({ flow, raw, status }) => [flow, status, raw])
  expect(rowsOf("stripe")).toEqual([
    ["payment.authorize", "AUTHORIZED", "requires_capture"],
    ["payment.capture", "SUCCEEDED", "succeeded"],
    ["refund.create", "SUCCEEDED", "succeeded"],
    ["webhook", "SUCCEEDED", "charge.captured"],
    ["payment.get", "CAPTURED", "succeeded"],
    ["payment.authorize", "DECLINED (soft)", "requires_payment_method"],
    ["payment.authorize", "DECLINED (hard)", "requires_payment_method"],
    ["payment.authorize", "REQUIRES_ACTION", "requires_action"],
    ["payment.complete", "CAPTURED", "succeeded"],
    ["payment.authorize", "UnknownOutcome", "-"],
    ["settlement.settle", "Taken", "requires_capture"]
  ])
  // https://docs.adyen.com/online-payments/payment-result-codes; modifications are received
  expect(rowsOf("adyen")).toEqual([
    ["payment.authorize", "AUTHORIZED", "Authorised"],
    ["payment.capture", "PENDING", "received"],
    ["refund.create", "PENDING", "received"],
    ["webhook", "SUCCEEDED", "CAPTURE"],
    ["payment.authorize", "DECLINED (soft)", "Refused"],
    ["payment.authorize", "DECLINED (hard)", "Refused"],
    ["payment.authorize", "REQUIRES_ACTION", "RedirectShopper"],
    ["payment.complete", "CAPTURED", "Authorised"],
    ["payment.authorize", "UnknownOutcome", "-"],
    ["payment.authorize", "AUTHORIZED", "Authorised"]
  ])
  // https://developer.paypal.com/docs/api/payments/v2: the status of the authorization or capture inside the order
  expect(rowsOf("paypal")).toEqual([
    ["payment.authorize", "AUTHORIZED", "CREATED"],
    ["payment.capture", "SUCCEEDED", "COMPLETED"],
    ["refund.create", "SUCCEEDED", "COMPLETED"],
    ["webhook", "SUCCEEDED", "PAYMENT.CAPTURE.COMPLETED"],
    ["payment.get", "PARTIALLY_CAPTURED", "PARTIALLY_CAPTURED"],
    ["payment.authorize", "DECLINED (soft)", expect.stringMatching(/^(?:DENIED|DECLINED)$/)],
    ["payment.authorize", "DECLINED (hard)", expect.stringMatching(/^(?:DENIED|DECLINED)$/)],
    ["payment.authorize", "REQUIRES_ACTION", "PAYER_ACTION_REQUIRED"],
    ["payment.complete", "CAPTURED", "COMPLETED"],
    ["payment.authorize", "UnknownOutcome", "-"],
    ["payment.authorize", "AUTHORIZED", "CREATED"]
  ])
  for (const { connector, flow, id, milliseconds, status } of rows) {
    const given = connector !== "stripe" ? /^[A-Z0-9]{16,17}$/ : flow === "refund.create" ? /^re_\w+$/ : /^pi_\w+$/
    expect(id).toMatch(status === "UnknownOutcome" ? /^-$/ : given)
    expect(milliseconds).toMatch(/^\d+$/)
  }
  expect(lines.filter((line) => line.length > 105)).toEqual([])
  // not a terminal, so no colours
  expect(program.stdout()).not.toContain("\u001b")

  // the shape that the sandbox documents of its ledger
  const ledger = (await (
    await fetch(`http://${placesOf(program.stdout()).sandbox}/_sandbox/ledger`)
  ).json()) as LedgerView
  const amounts = (entries: ReadonlyArray<{ readonly amount: number }>) => entries.map(({ amount }) => amount)
  expect(amounts(ledger.captures)).toEqual([1250, 3000, 1250, 3000, 1250, 3000])
  expect(amounts(ledger.refunds)).toEqual([500, 500, 500])
  // 40.00 EUR of each were reserved once, whatever the caller was told at first
  expect(amounts(ledger.authorizations).filter((amount) => amount === 4000)).toEqual([4000, 4000, 4000])
  signal(program, "SIGINT")
  expect(await program.ended).toBe(0)
  expect(program.stderr()).toBe("")
}, 60_000)

test("a call that goes wrong ends the tour with why", async () => {
  // leaves no time to send the call that the tour gives 1.5 seconds
  const program = started("start", { ANSWER_MARGIN: "10 seconds" })
  expect(await program.ended).toBe(1)
  expect(program.stdout()).toMatch(/^stripe +payment\.authorize InvalidField .*\n$/m)
  expect(program.stdout()).not.toContain("Ctrl-C")
  expect(program.stderr()).toMatch(/^The tour ended at payment\.authorize: deadline must be [^\n]+\n$/)
}, 60_000)
