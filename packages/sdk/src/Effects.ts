import type { Connector } from "@connector-service/domain/Capability"
import type { Received, Unverified } from "@connector-service/domain/Delivery"
import type { Capture, Payment } from "@connector-service/domain/Payment"
import type { Refund } from "@connector-service/domain/Refund"
import type { RequestOf, ResponseOf, Services } from "@connector-service/domain/Services"
import type { Settlement } from "@connector-service/domain/Settlement"
import type * as Effect from "effect/Effect"
import type { Names, Same } from "./Agreement.ts"
import type { ConnectorError } from "./ConnectorError.ts"
import type { Friendly } from "./Friendly.ts"
import type * as Input from "./Inputs.ts"
import type { EffectOptions } from "./Options.ts"
import type { Target } from "./Target.ts"

/** Payments. A decline is an answer with status DECLINED; everything else that goes wrong fails with ConnectorError. */
export interface PaymentEffects {
  /** Reserves funds and, with `captureMethod: "AUTOMATIC"`, takes them. */
  readonly authorize: (input: Input.AuthorizeInput, options?: EffectOptions) => Effect.Effect<Payment, ConnectorError>
  /** Takes reserved funds, all or a part. */
  readonly capture: (input: Input.CaptureInput, options?: EffectOptions) => Effect.Effect<Capture, ConnectorError>
  /** Releases reserved funds before any is taken. */
  readonly void: (input: Input.VoidInput, options?: EffectOptions) => Effect.Effect<Payment, ConnectorError>
  /** Undoes a payment whole, whether it was captured or not. */
  readonly reverse: (input: Input.ReverseInput, options?: EffectOptions) => Effect.Effect<Payment, ConnectorError>
  /** Asks the processor for the current state. Changes nothing. */
  readonly get: (input: Input.GetPaymentInput, options?: EffectOptions) => Effect.Effect<Payment, ConnectorError>
  /** Goes on with a payment after its `nextAction` was done. */
  readonly complete: (input: Input.CompleteInput, options?: EffectOptions) => Effect.Effect<Payment, ConnectorError>
}

/** Refunds of captured payments. */
export interface RefundEffects {
  /** Gives captured funds back, all or a part. */
  readonly create: (input: Input.CreateRefundInput, options?: EffectOptions) => Effect.Effect<Refund, ConnectorError>
  /** Asks the processor for the current state. Changes nothing. */
  readonly get: (input: Input.GetRefundInput, options?: EffectOptions) => Effect.Effect<Refund, ConnectorError>
}

/** Finding out what became of a write whose outcome is unknown. */
export interface SettlementEffects {
  /** Asks the processor whether the write was taken. It only reads, and never guesses. */
  readonly settle: (input: Input.SettleInput, options?: EffectOptions) => Effect.Effect<Settlement, ConnectorError>
}

/** Processors' webhooks: verified, and then read as events. */
export interface WebhookEffects {
  /** Which account and objects a delivery claims to be about. Needs no account; nobody vouches for the answer. */
  readonly identify: (input: Input.IdentifyInput, options?: EffectOptions) => Effect.Effect<Unverified, ConnectorError>
  /** Verifies a delivery, then its age, and then reads it. It changes nothing. */
  readonly receive: (input: Input.ReceiveInput, options?: EffectOptions) => Effect.Effect<Received, ConnectorError>
}

/** What the service can do. Needs no target. */
export interface ConnectorEffects {
  /** All connectors, by id. */
  readonly list: (
    input?: Input.ListConnectorsInput,
    options?: EffectOptions
  ) => Effect.Effect<ReadonlyArray<Connector>, ConnectorError>
  /** One connector. */
  readonly get: (input: Input.GetConnectorInput, options?: EffectOptions) => Effect.Effect<Connector, ConnectorError>
}

/** Every method of the service, by service. */
export interface Effects {
  /** Payments: authorize, capture, void, reverse, get, complete. */
  readonly payment: PaymentEffects
  /** Refunds: create, get. */
  readonly refund: RefundEffects
  /** What became of a write whose outcome is unknown: settle. */
  readonly settlement: SettlementEffects
  /** Processors' webhooks: identify, receive. */
  readonly webhook: WebhookEffects
  /** What the service can do: list, get. */
  readonly connector: ConnectorEffects
}

/** The same for one target. */
export interface EffectClient extends Effects {
  /** The methods for another target on the same transport; what is not given stays. */
  readonly target: (change: Partial<Target>) => EffectClient
}

type Derived = {
  readonly [S in keyof Services]: {
    readonly [M in keyof Services[S]]: (
      input: Friendly<RequestOf<S, M>>,
      options?: EffectOptions
    ) => Effect.Effect<ResponseOf<S, M>, ConnectorError>
  }
}
// a method that the table of flows has and these interfaces have not, or the other way about, does not compile
true satisfies Same<Names<Effects>, Names<Services>>
// neither does one whose input or answer is not the table's
true satisfies Effects extends Derived ? true : never
