import type { MoneyKind } from "@connector-service/sandbox/Ledger"
import type { ConnectorId, Exchanged, FaultKind, PlannedFault } from "./Faults.ts"

/** A flow that a caller calls. */
export type FlowName = "authorize" | "complete" | "capture" | "void" | "reverse" | "refund" | "get"

/** Which of a processor's accounts. */
export type Account = 0 | 1

/** One operation of a caller: what has one reference, over all its attempts, calls and replicas. */
export interface Operation {
  readonly name: string
  /** The place of its order in the scenario. */
  readonly order: number
  readonly connector: ConnectorId
  readonly account: Account
  readonly flow: FlowName
  readonly reference: string
  /** The fault that the next exchange of this kind meets. */
  readonly fault: (exchanged: Exchanged) => PlannedFault | undefined
  /** Its callers broke a rule that is theirs to keep, so that money may be taken twice: by which one. */
  broke: string | undefined
}

/** One call of the sender. */
export interface CallMade {
  readonly operation: Operation
  readonly attempt: number
  readonly asked: number | undefined
  readonly startedAt: number
  readonly firstSentAt: number | undefined
  readonly deadline: number | undefined
  readonly settles: boolean
  readonly exchanges: Array<Exchange>
  /** When its caller had its answer, or left. */
  endedAt: number | undefined
  /** Where it was made; `stopping` since it was asked to stop. */
  readonly replica: { readonly dead: boolean; readonly stopping: boolean }
}

/** One exchange with a processor. */
export interface Exchange {
  readonly call: CallMade
  readonly exchanged: Exchanged
  readonly startedAt: number
  readonly host: string
  readonly key: string | undefined
  readonly body: string
  readonly fault: FaultKind | undefined
  /** When the processor acted on it. */
  handledAt: number | undefined
  /** It may have shown less than there was. */
  lagged: boolean
  /** It was a page of a list that goes on. */
  goesOn: boolean
  /** What the client was told, or that it went away. */
  ended: "open" | "not sent" | "turned away" | "unauthorized" | "no answer" | "answered" | "given up"
  endedAt: number
  status: number
  /** The processor's word for why it refused it. */
  refusal: string | undefined
}

/** One movement of money at a processor, and the exchange that made it; a payer's page has none. */
export interface Money {
  readonly connector: ConnectorId
  /** As the processor names it. */
  readonly account: string
  readonly kind: MoneyKind
  readonly id: string
  readonly payment: string
  readonly amount: number
  readonly at: number
  readonly exchange: Exchange | undefined
}

/** What must not be, and is. */
export interface Violation {
  /** 1 to 6. */
  readonly invariant: number
  readonly operation: string
  readonly what: string
}

/** That no money was moved by these calls' sendings until then, which only the end shows. */
export interface Never {
  readonly operation: Operation
  readonly calls: ReadonlyArray<CallMade>
  readonly payment: string | undefined
  readonly at: number
  readonly why: string
}

/** All that happened in a scenario. */
export class History {
  readonly money: Array<Money> = []
  readonly exchanges: Array<Exchange> = []
  readonly calls: Array<CallMade> = []
  readonly never: Array<Never> = []
  readonly violations: Array<Violation> = []
  /** Which authorization made a payment. */
  readonly payments = new Map<string, { readonly operation: Operation; readonly attempt: number }>()
  readonly fired = new Map<string, number>()
  readonly #lines: Array<string> | undefined
  unknowns = 0
  settled = 0
  faultsOnWrites = 0

  constructor(traced: boolean) {
    this.#lines = traced ? [] : undefined
  }

  violated(invariant: number, operation: Operation, what: string): void {
    this.violations.push({ invariant, operation: operation.name, what })
    this.trace(0, () => `VIOLATION of ${invariant} by ${operation.name}: ${what}`)
  }

  trace(now: number, line: () => string): void {
    this.#lines?.push(`${now} ${line()}`)
  }

  get text(): string {
    return this.#lines?.join("\n") ?? ""
  }

  /** Notes which call made a payment. */
  made(payment: string, { attempt, operation }: CallMade): void {
    if (!this.payments.has(payment)) this.payments.set(payment, { operation, attempt })
  }

  /** The payment is an order's, even where no reply of its processor said so. */
  claimed(payment: string, order: number): void {
    const call = this.calls.find(({ operation }) => operation.order === order && operation.flow === "authorize")
    if (call !== undefined) this.made(payment, call)
  }

  /** The movements of a payment. */
  of(payment: string, kind: MoneyKind): ReadonlyArray<Money> {
    return this.money.filter((entry) => entry.payment === payment && entry.kind === kind)
  }

  /** Counts a fault that struck. */
  strike(connector: ConnectorId, exchanged: Exchanged, kind: FaultKind): void {
    const key = `${kind}|${connector}|${exchanged}`
    this.fired.set(key, (this.fired.get(key) ?? 0) + 1)
  }
}
