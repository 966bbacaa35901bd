import { startSandbox } from "@connector-service/sandbox/Sandbox"
import { connect } from "@connector-service/sdk/Client"
import type { History } from "../History.ts"
import { Control } from "./Control.ts"
import { judge } from "./Judge.ts"
import type { Log } from "./Log.ts"
import { excuse, type Left, settleAll } from "./Remaining.ts"
import { pause, type Run } from "./Run.ts"
import { Servers } from "./Servers.ts"
import { type Clients, Shop } from "./Shop.ts"
import { storm } from "./Weather.ts"
import type { Writer } from "./Writer.ts"

/** What is played. */
export interface Asked {
  readonly seconds: number
  readonly seed: string
  readonly breaks: boolean
}

/** What a run came to. */
export interface Played {
  readonly history: History
  readonly log: Log
  readonly struck: ReadonlyMap<string, number>
  readonly kills: number
  /** What stayed unknown, each with why it may. */
  readonly left: ReadonlyArray<Left & { readonly excuse: string | undefined }>
}

/** How many shops are open at once, each with connections of its own. */
const shops = 40

/** How long a shop rests between two orders, once all is calm, in milliseconds. */
const leisure = 500

/** How often the ledger is read, in milliseconds, so that no request goes unseen. */
const watching = 4_000

const shop = async (run: Run, clients: Clients, next: () => number, writers: Array<Writer>): Promise<void> => {
  while (!run.over) {
    await new Shop(run, next(), clients, writers).goes()
    if (run.calm) await pause(leisure)
  }
}

/** Plays it, in real time: so many seconds of trouble, and then as long as it takes to find out what is still unknown. */
export const play = async ({ breaks, seconds, seed }: Asked): Promise<Played> => {
  const log: Log = { calls: [], told: [] }
  const run: Run = { seed, log, breaks, calm: false, over: false }
  const writers: Array<Writer> = []
  const sandbox = await startSandbox()
  const control = new Control(sandbox.url)
  const servers = await Servers.start(sandbox.url)
  const client = (address: string) => connect(address, { environment: "sandbox", account: "sandbox" })
  const clients = Array.from(
    { length: shops },
    (): Clients => [client(servers.addresses[0]), client(servers.addresses[1])]
  )
  let orders = 0
  const next = () => orders++
  const watch = async (): Promise<void> => {
    while (!run.calm) {
      await control.ledger()
      await pause(watching)
    }
  }
  const ends = async (): Promise<void> => {
    await pause(seconds * 1000)
    run.calm = true
  }
  const open = Promise.all(clients.map((pair) => shop(run, pair, next, writers)))
  await Promise.all([ends(), storm(run, control), servers.fall(run), watch()])
  const { kills } = servers
  // whatever is to be found out is found out by servers that know nothing of what was before, while the shops go on
  await Promise.all([servers.replace(0), servers.replace(1)])
  // a second attempt of what was taken may be answered by nothing but conflicts, however long it is asked
  const longest = breaks ? 5_000 : undefined
  const remaining = [...(await settleAll(writers, control, longest))]
  run.over = true
  await open
  const hopeless = new Set(remaining.map(({ operation }) => operation))
  remaining.push(
    ...(await settleAll(
      writers.filter(({ write }) => !hopeless.has(write.operation)),
      control,
      longest
    ))
  )
  const history = judge(log, await control.ledger())
  await Promise.all(clients.flatMap((pair) => pair.map((client) => client.close())))
  await servers.end()
  await sandbox.close()
  const left = remaining.map((one) => ({ ...one, excuse: excuse(history, one) }))
  return { history, log, struck: control.struck, kills, left }
}
