/** The connectors under proof. */
export const connectors = ["stripe", "adyen", "paypal"] as const
export type ConnectorId = (typeof connectors)[number]

/** What an exchange with a processor is for. `read` asks for one object, `list` searches, `token` fetches an access token. */
export type Exchanged = "authorize" | "complete" | "capture" | "void" | "reverse" | "refund" | "read" | "list" | "token"

/** What exchanges there are with each processor. */
export const exchanges: Readonly<Record<ConnectorId, ReadonlyArray<Exchanged>>> = {
  stripe: ["authorize", "capture", "void", "refund", "read", "list"],
  adyen: ["authorize", "complete", "capture", "void", "reverse", "refund"],
  paypal: ["authorize", "complete", "capture", "void", "refund", "read", "token"]
}

const reads: ReadonlySet<Exchanged> = new Set(["read", "list", "token"])
/** Whether an exchange may move money. */
export const isWrite = (exchanged: Exchanged): boolean => !reads.has(exchanged)

/** Where in an exchange a fault strikes: while connecting, before or after the processor has acted, or in its reply. */
export type Phase = "connecting" | "before" | "after" | "reply"

/** Where a fault applies. */
interface Rule {
  readonly phase: Phase
  readonly applies: (connector: ConnectorId, exchanged: Exchanged) => boolean
}

const everywhere = () => true
const toWrites = (_: ConnectorId, exchanged: Exchanged) => isWrite(exchanged)
/** Endpoints that keep what they answered under a key, whatever it was. */
const storing = (connector: ConnectorId, exchanged: Exchanged) => isWrite(exchanged) && connector !== "paypal"
/** Endpoints that honour a key. */
export const isKeyed = (connector: ConnectorId, exchanged: Exchanged): boolean =>
  isWrite(exchanged) && !(connector === "paypal" && exchanged === "void")
/** Exchanges whose reply says how much was moved, and whose faulty amount the processors can be made to move. */
const moving = (connector: ConnectorId, exchanged: Exchanged): boolean =>
  exchanged === "authorize" ||
  exchanged === "refund" ||
  exchanged === "capture" ||
  (exchanged === "complete" && connector !== "stripe")
const told: ReadonlySet<Exchanged> = new Set(["authorize", "complete", "capture", "void", "reverse", "refund", "read"])

const rules = {
  "name not resolved": { phase: "connecting", applies: everywhere },
  "connection refused": { phase: "connecting", applies: everywhere },
  "TLS failure": { phase: "connecting", applies: everywhere },
  "connect timeout": { phase: "connecting", applies: everywhere },
  "reset before": { phase: "before", applies: everywhere },
  "hang before": { phase: "before", applies: everywhere },
  "4xx before": { phase: "before", applies: everywhere },
  "429": { phase: "before", applies: everywhere },
  "429 Retry-After": { phase: "before", applies: everywhere },
  "500 before": { phase: "before", applies: everywhere },
  "502 before": { phase: "before", applies: everywhere },
  "503 before": { phase: "before", applies: everywhere },
  "token expired": {
    phase: "before",
    applies: (connector, exchanged) => connector === "paypal" && exchanged !== "token"
  },
  "credentials refused": { phase: "before", applies: everywhere },
  // of the others it is documented that the refusal is kept under the key
  declined: {
    phase: "before",
    applies: (connector, exchanged) =>
      connector === "paypal" && (exchanged === "authorize" || exchanged === "complete" || exchanged === "capture")
  },
  busy: { phase: "before", applies: everywhere },
  late: { phase: "before", applies: toWrites },
  "reset after": { phase: "after", applies: everywhere },
  "hang after": { phase: "after", applies: everywhere },
  "4xx after": { phase: "after", applies: everywhere },
  // of the others' it is documented that a request turned away so was not looked at
  "429 after": { phase: "after", applies: (connector) => connector === "adyen" },
  "500 after": { phase: "after", applies: everywhere },
  "502 after": { phase: "after", applies: everywhere },
  "503 after": { phase: "after", applies: everywhere },
  "500 replayed": { phase: "after", applies: storing },
  twice: { phase: "after", applies: toWrites },
  "wrong amount": { phase: "after", applies: moving },
  abandoned: {
    phase: "after",
    applies: (connector, exchanged) => exchanged === (connector === "stripe" ? "authorize" : "complete")
  },
  "half of the key's time": { phase: "after", applies: isKeyed },
  "key expired": { phase: "after", applies: isKeyed },
  cut: { phase: "reply", applies: everywhere },
  slow: { phase: "reply", applies: everywhere },
  html: { phase: "reply", applies: everywhere },
  "unlisted status": { phase: "reply", applies: (_, exchanged) => told.has(exchanged) },
  lag: { phase: "reply", applies: (_, exchanged) => exchanged === "list" }
} as const satisfies Readonly<Record<string, Rule>>

/** A way in which an exchange goes wrong. */
export type FaultKind = keyof typeof rules

/** Every fault. */
export const faultKinds = Object.keys(rules) as ReadonlyArray<FaultKind>

/** Where a fault strikes. */
export const phaseOf = (kind: FaultKind): Phase => rules[kind].phase

/** One cell of the table of faults. */
export interface Cell {
  readonly connector: ConnectorId
  readonly exchanged: Exchanged
  readonly kind: FaultKind
}

/** Every cell that applies. */
export const cells: ReadonlyArray<Cell> = connectors.flatMap((connector) =>
  exchanges[connector].flatMap((exchanged) =>
    faultKinds
      .filter((kind) => rules[kind].applies(connector, exchanged))
      .map((kind) => ({ connector, exchanged, kind }))
  )
)

/** A fault that waits for its exchange: the `nth` of its kind that a step makes, counted from zero, and those after it. */
export interface PlannedFault {
  readonly exchanged: Exchanged
  readonly nth: number
  /** How many exchanges in a row it strikes. */
  readonly times: number
  readonly kind: FaultKind
  /** How bad it is, from 0 to 1: where a reply is cut, how long something takes, which of several forms it has. */
  readonly size: number
}
