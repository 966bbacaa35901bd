import { connectors } from "../Faults.ts"
import type { CallMade, Operation } from "../History.ts"
import { verdict } from "./Judge.ts"
import { leavesUnknown, type Outcome, type Told } from "./Log.ts"
import type { Played } from "./Play.ts"

const named = ({ call, outcome }: Told): string => {
  switch (outcome._tag) {
    case "Answer":
      return outcome.value.status
    case "Settlement":
      return outcome.settlement._tag
    case "Error":
      return call.settles ? `${outcome.reason._tag} (asked)` : outcome.reason._tag
    case "Nothing":
      return "client gone"
  }
}

const counted = <A>(all: Iterable<A>, name: (one: A) => string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const one of all) counts.set(name(one), (counts.get(name(one)) ?? 0) + 1)
  return counts
}

const listed = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, times]) => `${name} ${times}`)
    .join(", ")

const isUnknown = (outcome: Outcome): boolean =>
  outcome._tag === "Nothing" ||
  (outcome._tag === "Error" && leavesUnknown(outcome.reason)) ||
  (outcome._tag === "Settlement" && outcome.settlement._tag === "StillUnknown")

const keyOf = ({ attempt, operation }: CallMade): string => `${operation.name} ${attempt}`

const ways = ["by Settle", "by the same call again"] as const

/** All that was unknown once, by how it came to be known. */
const settled = ({ log }: Played): ReadonlyMap<string, number> => {
  const unknown = new Set<string>()
  const last = new Map<string, Told>()
  for (const told of log.told) {
    const key = keyOf(told.call)
    if (!told.call.settles && isUnknown(told.outcome)) unknown.add(key)
    if (unknown.has(key)) last.set(key, told)
  }
  return counted(last.values(), ({ call, outcome }) => (isUnknown(outcome) ? "not" : call.settles ? ways[0] : ways[1]))
}

const faults = (struck: Played["struck"]): ReadonlyArray<string> => {
  const kinds = new Map<string, Map<string, number>>()
  for (const [name, times] of struck) {
    const [kind = "", connector = ""] = name.split(" ")
    kinds.set(kind, (kinds.get(kind) ?? new Map<string, number>()).set(connector, times))
  }
  return [...kinds].toSorted(([a], [b]) => a.localeCompare(b)).map(([kind, by]) => `  ${kind.padEnd(14)}${listed(by)}`)
}

/** The story of a reference, for who must find out what went wrong with it. */
const story = ({ log }: Played, name: string): ReadonlyArray<string> =>
  log.told
    .filter(({ call }) => call.operation.name === name)
    .map((told) => {
      const { call } = told
      const what = `${call.settles ? "settles" : "calls"} attempt ${call.attempt}${call.firstSentAt === undefined ? "" : " again"}`
      const why =
        told.outcome._tag === "Error" && "description" in told.outcome.reason
          ? `: ${told.outcome.reason.description}`
          : ""
      return `    ${call.startedAt}–${told.at} ${what}, told ${named(told)}${why}`
    })

/** Why a run shows less than it should. */
const shortfalls = ({ history, kills, struck }: Played, known: ReadonlyMap<string, number>): ReadonlyArray<string> => [
  ...(kills > 0 ? [] : ["no server was killed"]),
  ...(struck.size > 0 ? [] : ["no fault struck"]),
  ...ways.filter((way) => !known.has(way)).map((way) => `nothing was settled ${way}`),
  ...connectors
    .filter((connector) => !history.money.some((money) => money.connector === connector && money.kind === "capture"))
    .map((connector) => `no money was taken at ${connector}`)
]

/** The most references whose story is told. */
const mostStories = 10

/** What a run came to, in lines; the last one has the figures. */
export const report = (played: Played): { readonly lines: ReadonlyArray<string>; readonly clean: boolean } => {
  const { history, kills, left, log, struck } = played
  const operations = new Set<Operation>(log.calls.map(({ operation }) => operation))
  const writes = log.calls.filter(({ settles }) => !settles)
  const repeats = writes.length - new Set(writes.map(keyOf)).size
  const wrong = verdict(history)
  const owed = left.filter(({ excuse }) => excuse === undefined)
  const bad = new Set([...wrong.double, ...wrong.false, ...owed.map(({ operation }) => operation.name)])
  const flows = (connector: string) =>
    listed(
      counted(
        [...operations].filter((operation) => operation.connector === connector),
        ({ flow }) => flow
      )
    )
  const known = settled(played)
  const short = shortfalls(played, known)
  const lines = [
    ...connectors.map((connector) => `${connector.padEnd(8)}${flows(connector)}`),
    `calls ${writes.length}, sent again ${repeats}, asked what became of it ${log.calls.length - writes.length}; servers killed ${kills}`,
    `told: ${listed(counted(log.told, named))}`,
    "faults that struck:",
    ...faults(struck),
    `attempts that were unknown once, settled: ${listed(known) || "none"}`,
    `still unknown ${left.length}`,
    ...[...counted(left, ({ excuse }) => excuse ?? "though it can be settled")].map(
      ([why, times]) => `  ${times} ${why}`
    ),
    ...[...bad]
      .slice(0, mostStories)
      .flatMap((name) => [
        `WRONG ${name}`,
        ...history.violations.filter(({ operation }) => operation === name).map(({ what }) => `  ${what}`),
        ...(owed.some(({ operation }) => operation.name === name) ? ["  unknown, though it can be settled"] : []),
        ...story(played, name)
      ]),
    ...short.map((shortfall) => `Too little: ${shortfall}.`),
    `${operations.size} references, ${wrong.double.size} double, ${wrong.false.size} false, ${owed.length} unknown`
  ]
  return { lines, clean: bad.size === 0 && short.length === 0 }
}
