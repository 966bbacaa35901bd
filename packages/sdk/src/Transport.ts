import type { Reason as DomainReason } from "@connector-service/domain/Reason"
import type * as Effect from "effect/Effect"
import type { Flow } from "./Flows.ts"
import type { Target } from "./Target.ts"

/** One call on its way. */
export interface Outgoing {
  readonly flow: Flow
  /** The domain's request: what `flow.read` gave. */
  readonly request: unknown
  /** Undefined where the flow needs none. */
  readonly target: Target | undefined
  /** When the caller stops waiting, in milliseconds since the epoch by Effect's clock. */
  readonly deadline: number
  readonly requestId: string
  /** To be called as the call is handed to what carries it: from then on nothing says that it was not sent. */
  readonly sent: () => void
}

/**
 * Why a call has no answer. Told: by the service itself, or because the transport cannot hold the request. NotSent: it
 * was never handed over, so the service cannot have seen it. Broken: it was, and no answer that can be read came back.
 */
export type Unanswered =
  | { readonly _tag: "Told"; readonly reason: DomainReason }
  | { readonly _tag: "NotSent"; readonly why: string }
  | { readonly _tag: "Broken"; readonly description: string }

/**
 * What carries calls: it gives the domain's answer, or why there is none, by the deadline. It carries each call once.
 * Interrupting an exchange stops the waiting, not a write that is on its way. It lasts as long as the scope it is opened
 * in: closing that lets calls in flight end, and later calls are not sent.
 */
export interface Transport {
  readonly exchange: (outgoing: Outgoing) => Effect.Effect<unknown, Unanswered>
}
