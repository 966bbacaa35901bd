import type { Fault } from "@connector-service/sandbox/Faults"
import { connectors } from "../Faults.ts"
import { Seeded } from "../Seeded.ts"
import type { Control } from "./Control.ts"
import { grain } from "./Judge.ts"
import { pause, type Run } from "./Run.ts"

/** The processors' own interfaces, without their payers' pages. Of PayPal's, where access tokens come from is apart: all calls wait for one. */
const paths = { stripe: "^/stripe/v1/", adyen: "^/adyen/v72/", paypal: "^/paypal/v2/" }
const tokens = "^/paypal/v1/oauth2/token"

/** An order may meet it twice, when it is made and when it is taken, and must still be known by its amount. */
const mostLess = grain / 2 - 1

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
  (chance) => ({ kind: "wrong_amount", by: -chance.whole(1, mostLess) }),
  (chance) => ({ kind: "slow", bytes: chance.whole(20, 200), milliseconds: chance.whole(5, 60) }),
  (chance) => ({ kind: "delay", milliseconds: chance.whole(100, 3000) })
]

/** How many faults may wait for requests of each method. */
const mostWaiting = { GET: 4, POST: 8 }

const drawn = (chance: Seeded, method: "GET" | "POST"): Fault => {
  if (chance.once(50)) return { kind: "refuse", milliseconds: chance.whole(100, 700) }
  const bad = chance.one(kinds)(chance)
  if (chance.once(60)) return { ...bad, path: tokens, count: 1 }
  const lasts = chance.once(25) && !bad.kind.startsWith("hang")
  const path = paths[chance.one(connectors)]
  return { ...bad, path, method, count: lasts ? chance.whole(8, 20) : chance.whole(1, 2) }
}

/** Has the processors misbehave until all is calm. */
export const storm = async (run: Run, control: Control): Promise<void> => {
  const chance = new Seeded(`${run.seed} weather`)
  while (!run.calm) {
    const method = chance.once(4) ? "GET" : "POST"
    const fault = drawn(chance, method)
    const waiting = (await control.waiting()).filter((other) => other.method === method)
    if (waiting.length < mostWaiting[method]) await control.fault(fault)
    await pause(chance.whole(10, 70))
  }
  await control.calm()
}
