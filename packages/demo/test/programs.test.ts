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

test("the tour's calls come to the ends that they are made for", async () => {
  const program = started("start")
  await program.said("Ctrl-C ends it.")
  const lines = program.stdout().split("\n")
  const heading = lines[0] ?? ""
  const from = (title: string) => heading.indexOf(title)
  const rows = lines
    .filter((line) => line.startsWith("stripe "))
    .map((line) => ({
      flow: line.slice(from("flow"), from("status")).trim(),
      status: line.slice(from("status"), from("raw status")).trim(),
      raw: line.slice(from("raw status"), from("processor's id")).trim(),
      id: line.slice(from("processor's id"), -5).trim(),
      milliseconds: line.slice(-5).trim()
    }))

  // raw statuses: https://docs.stripe.com/payments/paymentintents/lifecycle and https://docs.stripe.com/api/refunds/object
  expect(rows.map(({ flow, raw, status }) => [flow, status, raw])).toEqual([
    ["payment.authorize", "AUTHORIZED", "requires_capture"],
    ["payment.capture", "SUCCEEDED", "succeeded"],
    ["refund.create", "SUCCEEDED", "succeeded"],
    ["payment.get", "CAPTURED", "succeeded"],
    ["payment.authorize", "DECLINED (soft)", "requires_payment_method"],
    ["payment.authorize", "DECLINED (hard)", "requires_payment_method"],
    ["payment.authorize", "REQUIRES_ACTION", "requires_action"],
    ["payment.complete", "CAPTURED", "succeeded"],
    ["payment.authorize", "UnknownOutcome", "-"],
    ["settlement.settle", "Taken", "requires_capture"]
  ])
  for (const { flow, id, milliseconds, status } of rows) {
    expect(id).toMatch(status === "UnknownOutcome" ? /^-$/ : flow === "refund.create" ? /^re_\w+$/ : /^pi_\w+$/)
    expect(milliseconds).toMatch(/^\d+$/)
  }
  expect(lines.filter((line) => line.length > 100)).toEqual([])
  // not a terminal, so no colours
  expect(program.stdout()).not.toContain("\u001b")

  const ledger = await (await fetch(`http://${placesOf(program.stdout()).sandbox}/_sandbox/ledger`)).json()
  expect(ledger).toMatchObject({ captures: [{ amount: 1250 }, { amount: 3000 }], refunds: [{ amount: 500 }] })
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
