import { randomInt } from "node:crypto"
import { parseArgs } from "node:util"
import { play } from "./Play.ts"
import { report } from "./Report.ts"

const usage = `npm run proof:processes [-- --seconds N --seed S --raise-attempts]

Runs two servers and the sandbox under load while the sandbox misbehaves and servers are killed, and compares what the
clients were told with the sandbox's ledger (docs/proof.md).

  --seconds N        how long it goes on (120)
  --seed S           the same seed draws the same orders, faults and kills (one at random)
  --raise-attempts   clients break a rule: they raise the attempt though the outcome is unknown. Payments are taken twice`

const options = {
  seconds: { type: "string", default: "120" },
  seed: { type: "string", default: String(randomInt(1_000_000)) },
  "raise-attempts": { type: "boolean", default: false }
} as const
const { positionals, values } = parseArgs({ options, strict: false, allowPositionals: true })
const { "raise-attempts": breaks, seconds, seed } = values
const known = positionals.length === 0 && Object.keys(values).every((name) => name in options)

if (
  !known ||
  typeof seed !== "string" ||
  !/^[\w.-]{1,32}$/.test(seed) ||
  typeof breaks !== "boolean" ||
  !(Number(seconds) >= 1)
) {
  console.error(usage)
  process.exitCode = 1
} else {
  console.log(`${Number(seconds)} seconds of seed ${seed}\n`)
  const { clean, lines } = report(await play({ seconds: Number(seconds), seed, breaks }))
  for (const line of lines) console.log(line)
  process.exitCode = clean ? 0 : 1
}
