import type { Payment } from "@connector-service/domain/Payment"
import type { Refund } from "@connector-service/domain/Refund"
import type { ConnectorId } from "@connector-service/proof/Faults"
import type { CallMade, FlowName, Operation } from "@connector-service/proof/History"
import type { Money } from "@connector-service/proof/processes/Judge"
import type { Log, Outcome } from "@connector-service/proof/processes/Log"
import type { MoneyEntry } from "@connector-service/sandbox/Ledger"

/** When every history begins; its times are milliseconds after it. */
const start = Date.UTC(2026, 0, 15, 12)

/** An operation of the first order, unless another is said. */
export const operation = (
  flow: FlowName,
  { connector = "stripe", order = 0, suffix = "" }: { connector?: ConnectorId; order?: number; suffix?: string } = {}
): Operation => ({
  name: `${flow}${suffix} of ${order}`,
  order,
  connector,
  account: 0,
  flow,
  reference: `ref-${order}-${flow}${suffix}`,
  fault: () => undefined,
  broke: undefined
})

interface Said {
  readonly at: number
  readonly ends?: number
  readonly attempt?: number
  readonly asked?: number
  readonly again?: number
  readonly settles?: boolean
  readonly outcome: Outcome
}

/** What clients did and were told. */
export const log = (...all: ReadonlyArray<readonly [Operation, Said]>): Log => {
  const made: Log = { calls: [], told: [] }
  for (const [operation, { again, asked, at, attempt = 1, ends = at + 10, outcome, settles = false }] of all) {
    const call: CallMade = {
      operation,
      attempt,
      asked,
      startedAt: start + at,
      firstSentAt: again === undefined ? undefined : start + again,
      deadline: undefined,
      settles,
      exchanges: [],
      endedAt: undefined,
      replica: { dead: false, stopping: false }
    }
    made.calls.push(call)
    made.told.push({ call, at: start + ends, outcome })
  }
  return made
}

/** An answer about a payment. */
export const payment = (status: Payment["status"], paymentId = "pay-1", more: Partial<Payment> = {}): Outcome => ({
  _tag: "Answer",
  value: { paymentId, status, rawStatus: status, final: status !== "AUTHORIZED", state: {}, ...more }
})

/** An answer about a refund. */
export const refund = (status: Refund["status"], amount: number): Outcome => ({
  _tag: "Answer",
  value: {
    refundId: "re-1",
    status,
    rawStatus: status,
    amount: { minorUnits: BigInt(amount), currencyCode: "EUR" },
    state: {}
  }
})

interface Entry {
  readonly at: number
  readonly amount: number
  readonly payment?: string
  readonly processor?: ConnectorId
  readonly key?: string | null
  readonly reference?: string
}

const entry = ({ amount, at, key = "k", payment = "pay-1", processor = "stripe", reference }: Entry): MoneyEntry => ({
  processor,
  account: "account",
  id: `${payment}-${at}`,
  payment_id: payment,
  amount,
  currency: "eur",
  metadata: reference === undefined ? {} : { reference },
  idempotency_key: key,
  time: new Date(start + at).toISOString()
})

/** A ledger. */
export const ledger = (given: { readonly [K in keyof Money]?: ReadonlyArray<Entry> }): Money => ({
  authorizations: (given.authorizations ?? []).map(entry),
  captures: (given.captures ?? []).map(entry),
  voids: (given.voids ?? []).map(entry),
  refunds: (given.refunds ?? []).map(entry)
})
