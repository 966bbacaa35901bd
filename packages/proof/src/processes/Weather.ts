import type { Fault } from "@connector-service/sandbox/Faults"
import { connectors } from "../Faults.ts"
import { Seeded } from "../Seeded.ts"
import type { Control } from "./Control.ts"
import { pause, type Run } from "./Run.ts"

/** The processors' own interfaces, without their payers' pages. */
const paths = { stripe: "^/stripe/v1/", adyen: "^/adyen/v72/", paypal: "^/paypal/v[12]/" }

type Bad = (chance: Seeded) => Omit<Fault, "path" | "method" | "count">

const kinds: readonly [Bad, ...ReadonlyArray<Bad>] = [
  () => ({ kind: "reset_before" }),
  () => ({ kind: "reset_after" }),
  () => ({ kind: "hang_before" }),
  () => ({ kind: "hang_after" }),
  (chance) => ({ kind: "cut", bytes: chance.whole(0, 120) }),
  () => ({ kind: "429" }),
  (chance) => ({ kind: "429", retry_after: chance.whole(0, 2) }),
  () => ({ kind: "500_before" }),
  () => ({ kind: "500_after" }),
  () => ({ kind: "502_before" }),
  () => ({ kind: "502_after" }),
  () => ({ kind: "503_before" }),
  () => ({ kind: "503_after" }),
  () => ({ kind: "html" }),
  (chance) => ({ kind: "wrong_amount", by: -chance.whole(1, 9) }),
  (chance) => ({ kind: "slow", bytes: chance.whole(20, 200), milliseconds: chance.whole(5, 60) }),
  (chance) => ({ kind: "delay", milliseconds: chance.whole(100, 3000) })
]

/** How many faults of one run of bad luck may wait for their requests. */
const mostWaiting = 12

const drawn = (chance: Seeded): Fault => {
  if (chance.once(40)) return { kind: "refuse", milliseconds: chance.whole(100, 700) }
  const connector = chance.one(connectors)
  const count = chance.once(25) ? chance.whole(8, 20) : chance.whole(1, 2)
  const method = chance.once(5) ? "GET" : "POST"
  return { ...chance.one(kinds)(chance), path: paths[connector], method, count }
}

/** Has the processors misbehave until all is calm. */
export const storm = async (run: Run, control: Control): Promise<void> => {
  const chance = new Seeded(`${run.seed} weather`)
  let waiting = 0
  while (!run.calm) {
    if (waiting < mostWaiting) waiting = (await control.fault(drawn(chance))).length
    else waiting = (await control.waiting()).length
    await pause(chance.whole(10, 90))
  }
  await control.calm()
}
