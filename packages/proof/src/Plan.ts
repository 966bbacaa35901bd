import {
  type Cell,
  type ConnectorId,
  cells,
  connectors,
  type Exchanged,
  type FaultKind,
  isWrite,
  type PlannedFault
} from "./Faults.ts"
import type { Account, FlowName } from "./History.ts"
import { Seeded } from "./Seeded.ts"

/** How callers break a rule that is theirs. `raises`: the attempt, though the outcome is unknown. `changes`: the amount under the same reference. `forgets`: when it was first sent. */
export type Break = "raises" | "changes" | "forgets"

/** One operation of an order, and what goes wrong with it. */
export interface Step {
  readonly flow: FlowName
  /** The share of what is left that a capture or a refund is for. */
  readonly portion: number
  /** Callers at the same time, on any replica. */
  readonly callers: number
  /** The deadline, in milliseconds from each call. */
  readonly patience: number | undefined
  /** After how many milliseconds the first call is cancelled. */
  readonly leaves: number | undefined
  readonly breaks: Break | undefined
  /** Begins while the step before it still goes on. */
  readonly races: boolean
  /** Calls once more when it has its answer. */
  readonly again: "at once" | "past half" | "past retention" | undefined
  readonly faults: ReadonlyArray<PlannedFault>
}

/** One payment from its beginning to its end. */
export interface Order {
  readonly connector: ConnectorId
  readonly account: Account
  /** Milliseconds after the beginning. */
  readonly startsAt: number
  /** Minor units of euro. */
  readonly amount: number
  readonly card: "good" | "declined" | "challenge"
  readonly capture: "AUTOMATIC" | "MANUAL"
  /** 3-D Secure is run in the shop's own page: the browser is looked at, and then the payer is asked. */
  readonly native: boolean
  /** What the payer does who is asked. */
  readonly payer: "approves" | "fails" | "abandons"
  /** Its operations share their references, as far as that is allowed. */
  readonly shares: boolean
  readonly steps: ReadonlyArray<Step>
}

/** The end of a replica, and a new one in its place. */
export interface Restart {
  readonly replica: number
  readonly at: number
  /** It ends its writes, or it is told that its time is over, or it is not asked: it is gone. */
  readonly how: "closed" | "stopped" | "killed"
}

/** A scenario before it is played. */
export interface Plan {
  readonly seed: string
  readonly replicas: number
  /** How far each replica's clock is ahead, in milliseconds; below zero it is behind. */
  readonly clocks: ReadonlyArray<number>
  readonly restarts: ReadonlyArray<Restart>
  readonly orders: ReadonlyArray<Order>
}

/** The steps of an order in which an exchange takes place; the last of them is the one. */
const stories: Readonly<Record<Exchanged, ReadonlyArray<ReadonlyArray<FlowName>>>> = {
  authorize: [["authorize"]],
  token: [["authorize"]],
  list: [["authorize"], ["authorize", "refund"]],
  complete: [["authorize", "complete"]],
  capture: [["authorize", "capture"]],
  void: [["authorize", "void"]],
  reverse: [["authorize", "reverse"]],
  refund: [
    ["authorize", "refund"],
    ["authorize", "capture", "refund"]
  ],
  read: [["authorize", "get"]]
}

/** What may come after a story. */
const endings: Readonly<Partial<Record<FlowName, ReadonlyArray<ReadonlyArray<FlowName>>>>> = {
  authorize: [[], [], ["refund"], ["capture"], ["get"], ["capture", "void"]],
  complete: [[], ["refund"], ["capture"]],
  capture: [[], [], ["refund"], ["refund", "refund"], ["void"], ["capture"]],
  void: [[], ["capture"], ["void"]],
  refund: [[], ["refund"]],
  get: [[], ["refund"], ["capture"]]
}

/** Flows of which two may be called for at once. */
const racing: ReadonlySet<FlowName | undefined> = new Set(["capture", "void", "refund"])

/** What the exchange of a flow is. */
const exchangeOf = (connector: ConnectorId, flow: FlowName): Exchanged =>
  flow === "get" || (flow === "complete" && connector === "stripe") ? "read" : flow

const answersLost: readonly [FaultKind, ...ReadonlyArray<FaultKind>] = ["502 after", "reset after", "503 after"]

const cellsOf = Map.groupBy(cells, ({ connector, exchanged }) => `${connector} ${exchanged}`)

/** Faults drawn for an exchange. */
class Trouble {
  readonly #chance: Seeded

  constructor(chance: Seeded) {
    this.#chance = chance
  }

  of(exchanged: Exchanged, kind: FaultKind, nth = 0, times = 1): PlannedFault {
    return { exchanged, kind, nth, times, size: this.#chance.fraction() }
  }

  any(connector: ConnectorId, exchanged: Exchanged, nth: number): ReadonlyArray<PlannedFault> {
    const all = cellsOf.get(`${connector} ${exchanged}`) ?? []
    const drawn = all[this.#chance.whole(0, all.length - 1)]
    return drawn === undefined ? [] : [this.of(exchanged, drawn.kind, nth, this.#chance.one([1, 1, 3, 6]))]
  }
}

const drawStep = (
  chance: Seeded,
  order: { readonly connector: ConnectorId; readonly focus: Cell | undefined },
  flow: FlowName,
  before: FlowName | undefined
): Step => {
  const { connector, focus } = order
  const trouble = new Trouble(chance)
  const exchanged = exchangeOf(connector, flow)
  const faults: Array<PlannedFault> = []
  if (focus !== undefined) {
    if (focus.exchanged === "list") {
      const lost = chance.one(answersLost)
      faults.push(trouble.of(exchanged, lost, 0, 3))
    }
    const second = focus.kind === "declined" && chance.once(2)
    if (second) faults.push(trouble.of(exchanged, "late"))
    // all of the first call come to nothing, and all of the next, which may be long after it, come late
    const again = focus.kind === "late" && chance.once(3)
    if (again) faults.push(trouble.of(exchanged, "reset before", 0, 3))
    // the calls before it meet nothing, so that it is the next one's
    const nth = again ? 3 : second || focus.kind === "half of the key's time" ? 1 : 0
    faults.push(trouble.of(focus.exchanged, focus.kind, nth, again ? 3 : chance.one([1, 1, 1, 3])))
  }
  const noisy = chance.once(focus === undefined ? 2 : 3)
  if (noisy) faults.push(...trouble.any(connector, exchanged, focus === undefined ? 0 : 1))
  if (noisy && chance.once(2)) faults.push(...trouble.any(connector, exchanged, chance.whole(1, 3)))
  if (isWrite(exchanged) && connector !== "adyen" && chance.once(5)) {
    // what a look-up then shows says nothing
    if (chance.once(2)) faults.push(trouble.of("read", "unlisted status", 0, 6))
    else faults.push(...trouble.any(connector, "read", 0))
  }
  const hasty = chance.once(focus === undefined ? 5 : 12)
  return {
    flow,
    portion: chance.one([1, 0.5, 0.4, 0.3]),
    callers: chance.once(5) && focus?.kind !== "half of the key's time" ? 2 : 1,
    patience: hasty ? chance.whole(200, 3000) : chance.once(2) ? chance.whole(5000, 120_000) : undefined,
    leaves: chance.once(8) ? chance.whole(0, 2000) : undefined,
    races: racing.has(flow) && racing.has(before) && chance.once(3),
    breaks:
      focus?.kind === "key expired" && chance.once(4)
        ? "forgets"
        : chance.once(10)
          ? chance.one(["raises", "changes", "forgets"])
          : undefined,
    again:
      focus?.kind === "key expired"
        ? "past retention"
        : focus?.kind === "half of the key's time"
          ? "past half"
          : focus?.kind === "500 replayed" || chance.once(12)
            ? "at once"
            : undefined,
    faults
  }
}

/** Captures at once take no more than there is: a processor may well let them. */
const inBounds = (steps: ReadonlyArray<Step>): ReadonlyArray<Step> => {
  const halved = (step: Step | undefined) => step?.flow === "capture" && step.races
  return steps.map((step, place) =>
    halved(step) || (step.flow === "capture" && halved(steps[place + 1]))
      ? { ...step, portion: Math.min(step.portion, 0.5) }
      : step
  )
}

const drawOrder = (chance: Seeded, focus: Cell | undefined, shares: boolean, other?: Order): Order => {
  const connector = focus?.connector ?? (shares ? other?.connector : undefined) ?? chance.one(connectors)
  const story = focus === undefined ? stories.authorize : stories[focus.exchanged]
  const steps = story[chance.whole(0, story.length - 1)] ?? ["authorize"]
  const last = steps.at(-1) ?? "authorize"
  const more = endings[last] ?? [[]]
  const flows = [...steps, ...(more[chance.whole(0, more.length - 1)] ?? [])]
  const abandons = focus?.kind === "abandoned"
  const asked = abandons || steps.includes("complete") || (focus === undefined && chance.once(5))
  const declined = !asked && steps.length === 1 && chance.once(8)
  const manual =
    flows.includes("capture") ||
    flows.includes("void") ||
    (!flows.includes("refund") && chance.once(focus === undefined ? 4 : 3))
  const all =
    asked && !flows.includes("complete") ? ["authorize" as const, "complete" as const, ...flows.slice(1)] : flows
  const native = asked && connector === "adyen" && chance.once(2)
  const flowsAll = native ? all.flatMap((flow) => (flow === "complete" ? [flow, flow] : [flow])) : all
  const at = focus === undefined ? -1 : flowsAll.lastIndexOf(last)
  return {
    connector,
    account: other !== undefined && chance.once(2) ? 1 : 0,
    startsAt: chance.whole(0, 2000),
    amount: chance.whole(100, 20_000),
    card: asked ? "challenge" : declined ? "declined" : "good",
    capture: manual ? "MANUAL" : "AUTOMATIC",
    native,
    shares,
    payer: abandons ? "abandons" : asked ? chance.one(["approves", "approves", "approves", "fails"]) : "approves",
    steps: inBounds(
      flowsAll.map((flow, place) =>
        drawStep(chance, { connector, focus: place === at ? focus : undefined }, flow, flowsAll[place - 1])
      )
    )
  }
}

/** What few orders come to, or what a fault before it often forestalls, is drawn more often. */
const weights: Readonly<Partial<Record<Exchanged | FaultKind, number>>> = {
  list: 3,
  token: 2,
  reverse: 2,
  void: 2,
  complete: 2,
  lag: 6,
  late: 2,
  abandoned: 3,
  "key expired": 2
}
const focuses = cells.flatMap((cell) =>
  Array.from({ length: (weights[cell.exchanged] ?? 1) * (weights[cell.kind] ?? 1) }, () => cell)
)

/** How far a replica's clock is off at most, in milliseconds, so that two are within the five minutes that are allowed for. */
export const mostOff = 150_000

/** The scenario of a seed. */
export const drawPlan = (seed: string): Plan => {
  const chance = new Seeded(`${seed} plan`)
  const focus = focuses[chance.whole(0, focuses.length - 1)]
  const replicas = chance.once(3) ? 2 : 1
  const off = chance.once(2)
  const clocks = Array.from({ length: replicas }, () => (off ? chance.whole(-mostOff, mostOff) : 0))
  const shares = chance.once(4)
  const first = drawOrder(chance, focus, shares)
  const more = chance.once(4) ? [drawOrder(chance, undefined, shares, first)] : []
  const restarts: ReadonlyArray<Restart> = chance.once(8)
    ? [
        {
          replica: chance.whole(0, replicas - 1),
          at: chance.whole(10, 5000),
          how: chance.one(["closed", "stopped", "killed"])
        }
      ]
    : []
  return { seed, replicas, clocks, restarts, orders: [first, ...more] }
}
