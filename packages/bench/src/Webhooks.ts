import type { Deliverer } from "./Deliverer.ts"
import { paymentIntent } from "./PaymentIntent.ts"
import type { Probe } from "./Probe.ts"
import { type Process, type Program, pin, start } from "./Process.ts"
import { bySourceMaps, ownerOf, selfTimes } from "./Profile.ts"
import { table } from "./Report.ts"
import { server } from "./Stand.ts"
import { median, type Stretch, type Tallied } from "./Tally.ts"

/** How long webhooks are measured; times in milliseconds. */
export interface WebhookPlan {
  readonly rounds: number
  readonly stretch: number
  readonly warmUp: number
}

/** One stretch: what came of it, microseconds of CPU a delivery, and the lines that were written meanwhile. */
export interface Delivered extends Tallied {
  readonly cpu: number
  readonly otherCpu: number
  readonly resident: number
  readonly lines: number
}

/** One of those that take webhooks. */
export interface Taker {
  readonly name: "floor" | "server"
  readonly process: Process<Probe>
  readonly deliver: (stretch: Stretch) => Promise<Delivered>
}

/** Those that take webhooks, with whoever delivers to them. */
export interface WebhookStand {
  readonly takers: ReadonlyArray<Taker>
  readonly end: () => Promise<void>
}

const secret = "whsec_bench"

/** What Stripe tells of a payment that succeeded (docs.stripe.com/api/events/object). */
const event = JSON.stringify({
  id: "evt_0",
  object: "event",
  api_version: "2023-08-16",
  created: 1795441375,
  data: { object: { ...paymentIntent, latest_charge: paymentIntent.latest_charge.id } },
  livemode: false,
  pending_webhooks: 1,
  request: { id: "req_bench", idempotency_key: null },
  type: "payment_intent.succeeded"
})

/** More than there are in a stretch, so that no event is told twice in it. */
const signed = 12_000

const listening = /HTTP on [^\s,]+:(\d+)/

const programs: ReadonlyArray<readonly [Taker["name"], Pick<Program, "file" | "env">]> = [
  ["floor", { file: "WebhookFloor", env: { WEBHOOK_SECRET: secret } }],
  [
    "server",
    {
      file: server.file,
      env: {
        PORT: "0",
        HTTP_PORT: "0",
        LOG_LEVEL: "info",
        EVENT_SINK: "stdout",
        ACCOUNT_BENCH: JSON.stringify({
          stripe: { secretKey: "sk_test_bench", webhookSecrets: [{ signingSecret: secret }] }
        })
      }
    }
  ]
]

/** Starts them: the server as `npm run serve` runs it, its events written to standard output. */
export const webhookStand = async (count = signed): Promise<WebhookStand> => {
  pin("other")
  const deliverer = start<Deliverer>({ file: "Deliverer", core: "other" })
  const takers: Array<Taker> = []
  for (const [name, program] of programs) {
    const taker = start<Probe>({ ...program, core: "measured", logs: "stderr" })
    const [, port = ""] = await taker.prints(listening)
    const ordered = { port: Number(port), path: "/webhooks/stripe/bench", secret, event, count }
    const usage = () => Promise.all([taker.ask("usage"), deliverer.ask("usage")])
    const deliver = async (stretch: Stretch): Promise<Delivered> => {
      await deliverer.ask("sign", ordered)
      const linesBefore = taker.lines()
      const [before, otherBefore] = await usage()
      const tallied = await deliverer.ask("many", stretch)
      const [after, otherAfter] = await usage()
      return {
        ...tallied,
        cpu: (after.cpu - before.cpu) / tallied.calls,
        otherCpu: (otherAfter.cpu - otherBefore.cpu) / tallied.calls,
        resident: after.resident,
        lines: taker.lines() - linesBefore
      }
    }
    takers.push({ name, process: taker, deliver })
  }
  const end = async () => void (await Promise.all([...takers.map(({ process }) => process.end()), deliverer.end()]))
  return { takers, end }
}

/** What is wrong with stretches whatever their times: deliveries that were not acknowledged, or are not what was written. */
export const lost = (all: ReadonlyArray<Delivered>): ReadonlyArray<string> =>
  all.flatMap(({ calls, lines, wrong }) => [
    ...(calls === 0 ? ["There was no delivery."] : []),
    ...(wrong === 0 ? [] : [`${wrong} of ${calls} deliveries were not acknowledged.`]),
    ...(lines === calls ? [] : [`${calls} deliveries, but ${lines} events were written.`])
  ])

/** The stretches of one taker at one concurrency. */
export interface Measured {
  readonly name: Taker["name"]
  readonly concurrency: number
  readonly all: ReadonlyArray<Delivered>
}

/** The medians, and what the server takes of a processor for each delivery that the floor takes. */
export const webhookFigures = (measured: ReadonlyArray<Measured>): string => {
  const of = (all: ReadonlyArray<Delivered>, figure: (one: Delivered) => number) => median(all.map(figure))
  const cpuOf = (wanted: Taker["name"]) =>
    of(measured.find(({ concurrency, name }) => name === wanted && concurrency === 64)?.all ?? [], ({ cpu }) => cpu)
  const rows = measured.map(({ all, concurrency, name }) => [
    name,
    String(concurrency),
    of(all, ({ perSecond }) => perSecond).toFixed(0),
    (of(all, ({ p50 }) => p50) / 1000).toFixed(2),
    (of(all, ({ p99 }) => p99) / 1000).toFixed(2),
    of(all, ({ cpu }) => cpu).toFixed(0),
    of(all, ({ otherCpu }) => otherCpu).toFixed(0),
    (of(all, ({ resident }) => resident) / 1024 / 1024).toFixed(0)
  ])
  return [
    table([["", "at once", "deliveries/s", "p50 ms", "p99 ms", "CPU µs each", "other core µs", "memory MB"], ...rows]),
    "",
    `server/floor by CPU ${(cpuOf("floor") / cpuOf("server")).toFixed(2)}`
  ].join("\n")
}

const concurrencies = [1, 64] as const

/** Measures in turn, with one delivery under way and with 64. */
export const measureWebhooks = async (
  { takers }: WebhookStand,
  { rounds, stretch, warmUp }: WebhookPlan
): Promise<ReadonlyArray<Measured>> => {
  for (const { deliver } of takers) await deliver({ concurrency: 64, millis: warmUp })
  const found = concurrencies.flatMap((concurrency) =>
    takers.map(({ deliver, name }) => ({ name, concurrency, deliver, all: [] as Delivered[] }))
  )
  for (let round = 0; round < rounds; round++) {
    for (const { all, concurrency, deliver } of found) all.push(await deliver({ concurrency, millis: stretch }))
  }
  return found
}

const interval = 200

/** Where a delivery's time goes on the server's main thread, in microseconds by package. */
export const profileWebhooks = async ({ takers }: WebhookStand, plan: WebhookPlan): Promise<string> => {
  const resolve = bySourceMaps()
  const columns: Array<ReadonlyMap<string, number>> = []
  for (const { deliver, process } of takers) {
    await deliver({ concurrency: 64, millis: plan.warmUp })
    const times = new Map<string, number>()
    let calls = 0
    for (let round = 0; round < plan.rounds; round++) {
      await process.ask("startProfile", interval)
      calls += (await deliver({ concurrency: 64, millis: plan.stretch })).calls
      for (const [owner, micros] of selfTimes(await process.ask("endProfile"), (place) => ownerOf(place, resolve))) {
        times.set(owner, (times.get(owner) ?? 0) + micros)
      }
    }
    columns.push(new Map([...times].map(([owner, micros]) => [owner, micros / calls])))
  }
  const owners = [...new Set(columns.flatMap((column) => [...column.keys()]))]
  const costOf = (owner: string) => columns.at(-1)?.get(owner) ?? 0
  const totals = columns.map((column) => [...column.values()].reduce((sum, micros) => sum + micros, 0))
  return table([
    ["µs of a delivery's main thread", ...takers.map(({ name }) => name)],
    ...owners
      .toSorted((one, other) => costOf(other) - costOf(one))
      .map((owner) => [owner, ...columns.map((column) => (column.get(owner) ?? 0).toFixed(1))]),
    ["all", ...totals.map((total) => total.toFixed(1))]
  ])
}
