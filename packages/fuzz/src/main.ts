import { randomInt } from "node:crypto"
import { once } from "node:events"
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import { Worker } from "node:worker_threads"
import { addCounts, genuineDeliveries, type Outcome, reportOf, type Share } from "./Run.ts"

const full = 1_000_000

const usage = `npm run fuzz [-- --deliveries N --seed S | --replay SEED]

Changes genuine webhooks of every processor in every way, on their way or before they are signed, and checks that none
breaks the reader, takes long, or is taken for genuine with something else in it than the processor signed (docs/webhooks.md).

  --deliveries N  how many (${full})
  --seed S        the same seed makes the same deliveries (one at random)
  --replay SEED   shows the one delivery of a seed that a defect named`

const options = { deliveries: { type: "string" }, seed: { type: "string" }, replay: { type: "string" } } as const
const { positionals, values } = parseArgs({ options, strict: false, allowPositionals: true })
const given = ({ deliveries = String(full), replay, seed = String(randomInt(1_000_000_000)) } = values) =>
  typeof replay === "boolean" || typeof deliveries === "boolean" || typeof seed === "boolean"
    ? undefined
    : { replay, deliveries: Number(deliveries), seed }
const asked = positionals.length > 0 || Object.keys(values).some((name) => !(name in options)) ? undefined : given()

const replayed = (seed: string): number => {
  const [report, isDefect] = reportOf(seed)
  console.log(report)
  console.log(`1 deliveries, ${isDefect ? 1 : 0} defects`)
  return isDefect ? 1 : 0
}

/** As much as one reader may hold at a time, in MiB: one that keeps what it reads is ended. */
const most = 256

const lost = (share: Share, error: Error): Outcome => ({
  counts: {},
  defects: 1,
  reports: [`seed ${share.seed}, every ${share.step}th from ${share.first}: ${error.message}`]
})

const inWorker = async (share: Share): Promise<Outcome> => {
  const resourceLimits = { maxOldGenerationSizeMb: most }
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: share, resourceLimits })
  return once(worker, "message").then(
    ([outcome]): Outcome => outcome,
    (error: Error) => lost(share, error)
  )
}

const run = async (deliveries: number, seed: string): Promise<number> => {
  const workers = Math.min(availableParallelism(), deliveries)
  console.log(
    `${deliveries} deliveries of seed ${seed}, from ${genuineDeliveries} genuine ones, in ${workers} threads\n`
  )
  const start = performance.now()
  const shares = Array.from({ length: workers }, (_, first): Share => ({ seed, deliveries, first, step: workers }))
  const outcomes = await Promise.all(shares.map(inWorker))
  for (const [name, count] of addCounts(outcomes)) console.log(`${String(count).padStart(8)}  ${name}`)
  for (const report of outcomes.flatMap(({ reports }) => reports)) console.log(`\nDEFECT ${report}`)
  const defects = outcomes.reduce((sum, outcome) => sum + outcome.defects, 0)
  console.log(`\nseed ${seed}, ${Math.round((performance.now() - start) / 1000)} s`)
  console.log(`${deliveries} deliveries, ${defects} defects`)
  return defects > 0 ? 1 : 0
}

if (asked === undefined || !Number.isInteger(asked.deliveries) || asked.deliveries < 1) {
  console.error(usage)
  process.exitCode = 1
} else {
  const { deliveries, replay, seed } = asked
  process.exitCode = replay === undefined ? await run(deliveries, seed) : replayed(replay)
}
