import { availableParallelism } from "node:os"
import { broken, type OverloadPlan, overloaded, told } from "./Overload.ts"
import { pinned } from "./Process.ts"
import { costs, profiled } from "./Profiling.ts"
import { figures, summary } from "./Report.ts"
import { medians, mistakes, type Plan, rounds } from "./Rounds.ts"
import { safety, type TrialPlan, trials } from "./Safety.ts"
import { stand } from "./Stand.ts"
import { median } from "./Tally.ts"
import { lost, measureWebhooks, profileWebhooks, type WebhookPlan, webhookFigures, webhookStand } from "./Webhooks.ts"
import { excesses, weigh, weights } from "./Weights.ts"

const usage = `npm run bench [-- --quick | --profile | --weights | --webhooks [--profile] | --overload [--seconds N] [--at N]]

What a call costs: a full authorize over gRPC, the same call in process, and the floor, a bare gRPC handler that posts
the same bytes and parses the same reply; and what of it is money safety, by the same call in process without it.

  --quick    fewer and shorter rounds: says whether it works, not how fast
  --profile  where the CPU time of a call goes, by package
  --weights  what the SDK weighs, packed and installed elsewhere: on the disk, as a bundle, and how long importing takes
  --webhooks [--profile]
             verified deliveries a second: signed by Stripe's SDK beforehand, posted over HTTP, written to standard output
  --overload what becomes of latency and memory at twice the load that the server can carry, for a minute or --seconds;
             that load is measured, or --at so many calls a second`

const full: Plan = { rounds: 15, stretch: 1000, warmUp: { calls: 20_000, millis: 10_000 }, startUps: 5 }
const quick: Plan = { rounds: 3, stretch: 500, warmUp: { calls: 2000, millis: 2000 }, startUps: 2 }
/** Of the ways that money safety is told from. */
const fullTrials: TrialPlan = { ...full, trials: 9, rounds: 6, stretch: 500 }
const quickTrials: TrialPlan = { ...quick, trials: 3 }

const where = (): string =>
  pinned === undefined
    ? `Nothing is pinned: ${availableParallelism()} cores are shared by all.`
    : `The measured process is alone on core ${pinned.measured}; load and upstream share core ${pinned.other}.`

const measured = async (plan: Plan, ofWays: TrialPlan): Promise<number> => {
  const standing = await stand()
  const samples = await rounds(standing, plan)
  const startUps: Array<number> = []
  while (startUps.length < plan.startUps) startUps.push(await standing.startUp())
  const tried = await trials(standing, ofWays)
  await standing.end()
  const rows = medians(samples)
  console.log(`Medians of ${plan.rounds} rounds of ${plan.stretch / 1000} s each.\n`)
  console.log(`${figures(rows)}\n`)
  console.log(summary(rows, median(startUps)))
  console.log(safety(tried))
  const wrong = mistakes([...samples, ...tried.flat()])
  for (const mistake of wrong) console.error(mistake)
  return wrong.length === 0 ? 0 : 1
}

const profile = async (): Promise<number> => {
  const standing = await stand()
  const contestants = [...standing.contestants, await standing.further("unprotected")]
  const all = await profiled(contestants, full)
  await standing.end()
  console.log(costs(all))
  return 0
}

const weighed = async (): Promise<number> => {
  const all = await weigh(9)
  console.log(weights(all))
  const over = excesses(all)
  for (const excess of over) console.error(excess)
  return over.length === 0 ? 0 : 1
}

/** `--seconds 10 --at 500`; undefined where anything else is there. */
const overloadPlan = (args: ReadonlyArray<string>): OverloadPlan | undefined => {
  const [name, text = "", ...rest] = args
  if (name === undefined) return { seconds: 60 }
  const plan = overloadPlan(rest)
  if (plan === undefined || !/^[1-9]\d{0,5}$/.test(text)) return undefined
  if (name === "--seconds") return { ...plan, seconds: Number(text) }
  return name === "--at" ? { ...plan, at: Number(text) } : undefined
}

const overload = async (args: ReadonlyArray<string>): Promise<number> => {
  const plan = overloadPlan(args)
  if (plan === undefined) {
    console.error(usage)
    return 1
  }
  const measured = await overloaded(plan)
  console.log(told(measured, plan.seconds))
  const wrong = broken(measured)
  for (const criterion of wrong) console.error(criterion)
  return wrong.length === 0 ? 0 : 1
}

const webhookPlan: WebhookPlan = { rounds: 9, stretch: 1000, warmUp: 5000 }

const webhooks = async ([profile, ...more]: ReadonlyArray<string>): Promise<number> => {
  if (more.length > 0 || (profile !== undefined && profile !== "--profile")) {
    console.error(usage)
    return 1
  }
  const standing = await webhookStand()
  if (profile !== undefined) {
    console.log(await profileWebhooks(standing, webhookPlan).finally(standing.end))
    return 0
  }
  const measured = await measureWebhooks(standing, webhookPlan).finally(standing.end)
  console.log(webhookFigures(measured))
  const wrong = lost(measured.flatMap(({ all }) => all))
  for (const one of wrong) console.error(one)
  return wrong.length === 0 ? 0 : 1
}

const runs: Readonly<Record<string, (args: ReadonlyArray<string>) => Promise<number>>> = {
  "": () => measured(full, fullTrials),
  "--quick": () => measured(quick, quickTrials),
  "--profile": profile,
  "--weights": weighed,
  "--webhooks": webhooks,
  "--overload": overload
}

const [argument = "", ...more] = process.argv.slice(2)
const run = runs[argument]
if (run === undefined) {
  console.error(usage)
  process.exitCode = 1
} else {
  console.log(`Node ${process.versions.node}. ${where()}`)
  process.exitCode = await run(more).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    // what was started ends with this process
    process.exit(1)
  })
}
