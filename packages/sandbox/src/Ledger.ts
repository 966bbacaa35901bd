/** What can happen to money. */
export type MoneyKind = "authorization" | "capture" | "void" | "refund"

/** One accepted movement of money. `amount` in minor units of `currency` (lower case), `time` in ISO 8601. */
export interface MoneyEntry {
  readonly processor: string
  readonly account: string
  readonly id: string
  readonly payment_id: string
  readonly amount: number
  readonly currency: string
  readonly metadata: Readonly<Record<string, string>>
  readonly idempotency_key: string | null
  readonly time: string
}

/** One request as received. `status` is null when no reply was sent; `fault` names the fault it met. */
export interface RequestEntry {
  readonly time: string
  readonly method: string
  readonly path: string
  readonly status: number | null
  readonly idempotency_key: string | null
  readonly processed: boolean
  readonly replayed: boolean
  readonly fault: string | null
}

/** Everything the ledger knows; `requests` holds the latest ones, `requests_seen` counts them all. */
export interface LedgerView {
  readonly authorizations: ReadonlyArray<MoneyEntry>
  readonly captures: ReadonlyArray<MoneyEntry>
  readonly voids: ReadonlyArray<MoneyEntry>
  readonly refunds: ReadonlyArray<MoneyEntry>
  readonly requests: ReadonlyArray<RequestEntry>
  readonly requests_seen: number
}

const requestsKept = 10_000

/** Records money without bound and requests in a ring of the latest 10,000. */
export class Ledger {
  #money: Record<MoneyKind, Array<MoneyEntry>> = { authorization: [], capture: [], void: [], refund: [] }
  #requests: Array<RequestEntry> = []
  #seen = 0

  money(kind: MoneyKind, entry: MoneyEntry): void {
    this.#money[kind].push(entry)
  }

  request(entry: RequestEntry): void {
    this.#requests[this.#seen % requestsKept] = entry
    this.#seen += 1
  }

  view(): LedgerView {
    const oldest = this.#seen > requestsKept ? this.#seen % requestsKept : 0
    return {
      authorizations: this.#money.authorization.slice(),
      captures: this.#money.capture.slice(),
      voids: this.#money.void.slice(),
      refunds: this.#money.refund.slice(),
      requests: [...this.#requests.slice(oldest), ...this.#requests.slice(0, oldest)],
      requests_seen: this.#seen
    }
  }

  reset(): void {
    this.#money = { authorization: [], capture: [], void: [], refund: [] }
    this.#requests = []
    this.#seen = 0
  }
}
