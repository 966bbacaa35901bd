import { randomInt } from "node:crypto"
import { once } from "node:events"
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import { Worker } from "node:worker_threads"
import { drawPlan } from "./Plan.ts"
import { asItIs, play } from "./Play.ts"
import { type Outcome, reportOf, type Share } from "./Run.ts"
import { addSums, full, nothing, shortfalls, table } from "./Tally.ts"

const usage = `npm run proof [-- --scenarios N --seed S | --replay SEED]

Plays scenarios in which much goes wrong, and checks that no payment is taken twice and that nobody is told something
false about money (docs/proof.md).

  --scenarios N   how many (${full})
  --seed S        the same seed plays the same scenarios (one at random)
  --replay SEED   plays the one scenario of a seed that a violation named, and shows all that happens in it`

const options = { scenarios: { type: "string" }, seed: { type: "string" }, replay: { type: "string" } } as const
const { positionals, values } = parseArgs({ options, strict: false, allowPositionals: true })
const given = ({ replay, scenarios = String(full), seed = String(randomInt(1_000_000_000)) } = values) =>
  typeof replay === "boolean" || typeof scenarios === "boolean" || typeof seed === "boolean"
    ? undefined
    : { replay, scenarios: Number(scenarios), seed }
const asked = positionals.length > 0 || Object.keys(values).some((name) => !(name in options)) ? undefined : given()

const replayed = (seed: string): number => {
  const { text, violations } = play(drawPlan(seed), asItIs, true)
  console.log(text)
  if (violations.length > 0) console.log(`\n${reportOf(seed)}`)
  console.log(`1 scenario, ${violations.length > 0 ? 1 : 0} violations`)
  return violations.length > 0 ? 1 : 0
}

const inWorker = async (share: Share): Promise<Outcome> => {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: share })
  const [outcome] = await once(worker, "message")
  return outcome
}

const run = async (scenarios: number, seed: string): Promise<number> => {
  const workers = Math.min(availableParallelism(), scenarios)
  console.log(`${scenarios} scenarios of seed ${seed} in ${workers} threads\n`)
  const shares = Array.from({ length: workers }, (_, first): Share => ({ seed, scenarios, first, step: workers }))
  const outcomes = await Promise.all(shares.map(inWorker))
  const sums = nothing()
  for (const outcome of outcomes) addSums(sums, outcome.sums)
  const percent = (part: number) => `${((part / sums.scenarios) * 100).toFixed(1)} %`
  console.log(`${table(sums)}\n`)
  for (const report of outcomes.flatMap(({ reports }) => reports)) console.log(`VIOLATION ${report}\n`)
  const short = shortfalls(sums)
  for (const shortfall of short) console.log(`Too little: ${shortfall}.`)
  console.log(`scenarios ${sums.scenarios}, calls ${sums.calls}, writes sent again ${sums.retries}`)
  console.log(`told unknown ${sums.unknowns}, settled ${sums.settled}`)
  console.log(`with a fault on a write ${percent(sums.faulted)}, with money taken ${percent(sums.taken)}`)
  console.log(`${sums.scenarios} scenarios, ${sums.violations} violations`)
  return sums.violations > 0 || short.length > 0 ? 1 : 0
}

if (asked === undefined || !Number.isInteger(asked.scenarios) || asked.scenarios < 1) {
  console.error(usage)
  process.exitCode = 1
} else {
  const { replay, scenarios, seed } = asked
  process.exitCode = replay === undefined ? await run(scenarios, seed) : replayed(replay)
}
