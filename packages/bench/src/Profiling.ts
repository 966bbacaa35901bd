import { bySourceMaps, ownerOf, selfTimes } from "./Profile.ts"
import { table } from "./Report.ts"
import { type Plan, warmUp } from "./Rounds.ts"
import type { Stand } from "./Stand.ts"

/** Microseconds of a call by package, in each of the contestants. */
export interface Costs {
  readonly contestant: string
  readonly byPackage: ReadonlyMap<string, number>
}

const interval = 200

/** Profiles everybody in turn, in so many rounds of so many milliseconds with 64 calls at once. */
export const profiled = async (
  contestants: Stand["contestants"],
  plan: Pick<Plan, "rounds" | "stretch" | "warmUp">
): Promise<ReadonlyArray<Costs>> => {
  const resolve = bySourceMaps()
  const all = contestants.map(({ name }) => ({ contestant: name, calls: 0, times: new Map<string, number>() }))
  for (const contestant of contestants) await warmUp(contestant, plan.warmUp)
  for (let round = 0; round < plan.rounds; round++) {
    for (const [index, { many, process }] of contestants.entries()) {
      await process.ask("startProfile", interval)
      const { calls } = await many({ concurrency: 64, millis: plan.stretch })
      const times = selfTimes(await process.ask("endProfile"), (place) => ownerOf(place, resolve))
      const sum = all[index]
      if (sum === undefined) continue
      sum.calls += calls
      for (const [owner, micros] of times) sum.times.set(owner, (sum.times.get(owner) ?? 0) + micros)
    }
  }
  return all.map(({ calls, contestant, times }) => ({
    contestant,
    byPackage: new Map([...times].map(([owner, micros]) => [owner, micros / calls]))
  }))
}

/** A line a package, the dearest of the server first, and what the server spends on it above the floor. */
export const costs = (all: ReadonlyArray<Costs>): string => {
  const of = (name: string): ReadonlyMap<string, number> =>
    all.find(({ contestant }) => contestant === name)?.byPackage ?? new Map()
  const [floor, server] = [of("floor"), of("server")]
  const [inProcess, unprotected] = [of("in process, stripe"), of("unprotected")]
  const total = (of: ReadonlyMap<string, number>): number => [...of.values()].reduce((sum, micros) => sum + micros, 0)
  const line = (name: string, cost: (of: ReadonlyMap<string, number>) => number): ReadonlyArray<string> => [
    name,
    ...[cost(floor), cost(server), cost(server) - cost(floor), cost(inProcess), cost(unprotected)].map((micros) =>
      micros.toFixed(1)
    )
  ]
  const owners = [...new Set(all.flatMap(({ byPackage }) => [...byPackage.keys()]))].sort(
    (a, b) => (server.get(b) ?? 0) - (server.get(a) ?? 0) || (inProcess.get(b) ?? 0) - (inProcess.get(a) ?? 0)
  )
  return table([
    ["µs of a call's main thread", "floor", "server", "above the floor", "in process", "unprotected"],
    ...owners.map((owner) => line(owner, (of) => of.get(owner) ?? 0)),
    line("all", total)
  ])
}
