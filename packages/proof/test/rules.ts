import type { Reply } from "@connector-service/connectors/Reply"
import type { Payment } from "@connector-service/domain/Payment"
import { asItIs } from "@connector-service/proof/Play"
import type { Service } from "@connector-service/proof/Stage"
import { Duration, Effect } from "effect"
import { HttpClientRequest } from "effect/http"
import {
  abandoning,
  anothers,
  anyones,
  byAmount,
  calling,
  changing,
  elsewhere,
  everywhere,
  finding,
  flowsOf,
  kept,
  meaning,
  onlyTo,
  over,
  promising,
  refusedAsSuch,
  sendingAgain,
  storedError,
  unsent
} from "./switches.ts"

/** A money rule switched off, and the invariant that must then be broken. */
export interface Off {
  readonly rule: string
  readonly invariant: number
  /** What the violation must say, where the invariant is broken in other ways too. */
  readonly says?: string
  readonly service: Service
}

/** Each money rule, switched off by a connector, a configuration or a sender that does not keep it. */
export const off: ReadonlyArray<Off> = [
  { rule: "every write has its key", invariant: 5, service: everywhere(unsent) },
  { rule: "every write has its key (taken twice)", invariant: 1, service: everywhere(unsent) },
  {
    rule: "never a random key",
    invariant: 1,
    service: calling((input, draw) => ({ ...input, idempotencyKey: `random-${draw()}` }))
  },
  {
    rule: "no write is sent again once it was sent without a key",
    invariant: 5,
    service: everywhere((connector) =>
      flowsOf(connector, (flow) =>
        typeof flow.idempotency === "string" ? { ...flow, idempotency: connector.idempotency } : flow
      )
    )
  },
  {
    rule: "a 5xx is unknown, never failed",
    invariant: 2,
    service: everywhere((connector) => ({
      ...connector,
      unprocessed: ({ status }: Reply) => status >= 500 || status === 429
    }))
  },
  {
    rule: "a status that is not listed is not a failure",
    invariant: 2,
    service: everywhere(
      meaning((value) => (value.status === "UNRECOGNIZED" ? { ...value, status: "FAILED", final: true } : value))
    )
  },
  {
    rule: "a conflict is not a refusal",
    invariant: 2,
    service: everywhere((connector) => ({
      ...connector,
      rejection: (reply) => Effect.mapError(connector.rejection(reply), refusedAsSuch)
    }))
  },
  {
    rule: "absence in a list that lags proves nothing",
    invariant: 3,
    service: everywhere((connector) =>
      flowsOf(connector, (flow) =>
        flow.settle === undefined
          ? flow
          : { ...flow, settle: { ...flow.settle, conclusiveAfter: Duration.millis(-600_000) } }
      )
    )
  },
  { rule: "cancellation does not abandon a write", invariant: 6, service: abandoning() },
  { rule: "no replay past the key's retention", invariant: 5, service: everywhere(kept) },
  { rule: "no replay past the key's retention (taken twice)", invariant: 1, service: everywhere(kept) },
  {
    rule: "amounts are compared",
    invariant: 2,
    service: everywhere(
      meaning((value, asked) =>
        asked === undefined
          ? value
          : {
              ...value,
              ...(value.amount === undefined ? {} : { amount: asked }),
              ...(value.amountAuthorized === undefined ? {} : { amountAuthorized: asked }),
              ...(value.amountCaptured === undefined ? {} : { amountCaptured: asked })
            }
      )
    )
  },
  {
    rule: "no new attempt while the old one lives",
    invariant: 1,
    service: everywhere(
      meaning((value) => ({ ...(value as unknown as Payment), final: true, status: "VOIDED" }), "payment.get")
    )
  },
  {
    rule: "nothing is sent when nobody waits any more",
    invariant: 5,
    service: { ...asItIs, client: sendingAgain((call) => call?.endedAt !== undefined, 1) }
  },
  {
    rule: "a fresh token that is refused too is an answer",
    invariant: 5,
    says: "refused a fresh token too",
    service: { ...asItIs, client: sendingAgain((_, status) => status === 401, 3) }
  },
  {
    rule: "a token is its account's alone",
    invariant: 1,
    service: onlyTo("paypal", (connector) => ({
      ...connector,
      ...(connector.accessToken === undefined
        ? {}
        : {
            accessToken: {
              ...connector.accessToken,
              // credentials of one account, in the form that this connector takes
              request: () => connector.accessToken?.request(anyones as never) ?? HttpClientRequest.get("/")
            }
          })
    }))
  },
  {
    rule: "a key is its account's alone",
    invariant: 5,
    service: onlyTo("adyen", (adyen) => ({ ...adyen, account: () => "" }))
  },
  { rule: "a repeat has the same content", invariant: 5, service: changing() },
  { rule: "a repeat goes to the same region", invariant: 5, service: { ...asItIs, client: elsewhere } },
  {
    rule: "what a state does not allow is looked up",
    invariant: 3,
    service: everywhere((connector) => ({
      ...connector,
      rejection: (reply) =>
        Effect.mapError(connector.rejection(reply), (reason) =>
          reason._tag === "Conflict" && reason.kind === "State" ? refusedAsSuch(reason) : reason
        )
    }))
  },
  {
    rule: "what is so as it was asked for is an answer",
    invariant: 3,
    says: "was told as having done nothing",
    service: everywhere(finding(anothers, "payment.void"))
  },
  { rule: "only what is over stands in a write's place", invariant: 2, service: everywhere(finding(over)) },
  {
    rule: "a list is read to its end",
    invariant: 3,
    service: everywhere(finding((found) => (found._tag === "More" ? { _tag: "Absent" } : found)))
  },
  { rule: "refunds are told apart by their reference", invariant: 3, service: onlyTo("stripe", byAmount) },
  {
    rule: "a void is never settled by absence",
    invariant: 3,
    service: everywhere((connector) =>
      flowsOf(connector, (flow, name) =>
        flow.settle === undefined || name !== "payment.void"
          ? flow
          : { ...flow, settle: { ...flow.settle, conclusiveAfter: Duration.minutes(-5) } }
      )
    )
  },
  {
    rule: "a 429 is unprocessed only where that is documented",
    invariant: 2,
    service: onlyTo("adyen", (adyen) => ({ ...adyen, unprocessed: ({ status }: Reply) => status === 429 }))
  },
  {
    rule: "a refusal of a repeat is the first one's only where refusals are kept",
    invariant: 2,
    service: onlyTo("paypal", (paypal) =>
      flowsOf(promising(paypal), (flow) =>
        typeof flow.idempotency === "object" ? { ...flow, idempotency: { ...flow.idempotency, storedError } } : flow
      )
    )
  },
  {
    rule: "an earlier payment is asked about",
    invariant: 1,
    service: calling((input) => ({ ...input, earlierPayment: undefined }))
  },
  {
    rule: "answers come before their deadline",
    invariant: 6,
    service: { ...asItIs, configuration: { answerMargin: Duration.zero } }
  },
  {
    rule: "no exchange is waited for without end",
    invariant: 6,
    service: everywhere((connector) => ({
      ...connector,
      policy: { write: { firstByteTimeout: Duration.minutes(50), timeout: Duration.minutes(50) } }
    }))
  }
]
