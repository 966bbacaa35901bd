import type { Connector } from "@connector-service/domain/Capability"
import type { Received, Unverified } from "@connector-service/domain/Delivery"
import type { Capture, Payment } from "@connector-service/domain/Payment"
import type { Refund } from "@connector-service/domain/Refund"
import type { RequestOf, ResponseOf, Services } from "@connector-service/domain/Services"
import type { Settlement } from "@connector-service/domain/Settlement"
import type { Names, Same } from "./Agreement.ts"
import type { Friendly } from "./Friendly.ts"
import type * as Input from "./Inputs.ts"
import type { CallOptions } from "./Options.ts"

/** Payments. A decline is an answer with status DECLINED; everything else that goes wrong rejects with PaymentError. */
export interface PaymentMethods {
  /** Reserves funds and, with `captureMethod: "AUTOMATIC"`, takes them. */
  readonly authorize: (input: Input.AuthorizeInput, options?: CallOptions) => Promise<Payment>
  /** Takes reserved funds, all or a part. */
  readonly capture: (input: Input.CaptureInput, options?: CallOptions) => Promise<Capture>
  /** Releases reserved funds before any is taken. */
  readonly void: (input: Input.VoidInput, options?: CallOptions) => Promise<Payment>
  /** Undoes a payment whole, whether it was captured or not. */
  readonly reverse: (input: Input.ReverseInput, options?: CallOptions) => Promise<Payment>
  /** Asks the processor for the current state. Changes nothing. */
  readonly get: (input: Input.GetPaymentInput, options?: CallOptions) => Promise<Payment>
  /** Goes on with a payment after its `nextAction` was done. */
  readonly complete: (input: Input.CompleteInput, options?: CallOptions) => Promise<Payment>
}

/** Refunds of captured payments. */
export interface RefundMethods {
  /** Gives captured funds back, all or a part. */
  readonly create: (input: Input.CreateRefundInput, options?: CallOptions) => Promise<Refund>
  /** Asks the processor for the current state. Changes nothing. */
  readonly get: (input: Input.GetRefundInput, options?: CallOptions) => Promise<Refund>
}

/** Finding out what became of a write whose outcome is unknown. */
export interface SettlementMethods {
  /** Asks the processor whether the write was taken. It only reads, and never guesses. */
  readonly settle: (input: Input.SettleInput, options?: CallOptions) => Promise<Settlement>
}

/** Processors' webhooks: verified, and then read as events. */
export interface WebhookMethods {
  /** Which account and objects a delivery claims to be about. Needs no account; nobody vouches for the answer. */
  readonly identify: (input: Input.IdentifyInput, options?: CallOptions) => Promise<Unverified>
  /** Verifies a delivery, then its age, and then reads it. It changes nothing. */
  readonly receive: (input: Input.ReceiveInput, options?: CallOptions) => Promise<Received>
}

/** What the service can do. Needs no target. */
export interface ConnectorMethods {
  /** All connectors, by id. */
  readonly list: (input?: Input.ListConnectorsInput, options?: CallOptions) => Promise<ReadonlyArray<Connector>>
  /** One connector. */
  readonly get: (input: Input.GetConnectorInput, options?: CallOptions) => Promise<Connector>
}

/** Every method of the service, by service. */
export interface Methods {
  /** Payments: authorize, capture, void, reverse, get, complete. */
  readonly payment: PaymentMethods
  /** Refunds: create, get. */
  readonly refund: RefundMethods
  /** What became of a write whose outcome is unknown: settle. */
  readonly settlement: SettlementMethods
  /** Processors' webhooks: identify, receive. */
  readonly webhook: WebhookMethods
  /** What the service can do: list, get. */
  readonly connector: ConnectorMethods
}

type Derived = {
  readonly [S in keyof Services]: {
    readonly [M in keyof Services[S]]: (
      input: Friendly<RequestOf<S, M>>,
      options?: CallOptions
    ) => Promise<ResponseOf<S, M>>
  }
}
// a method that the table of flows has and these interfaces have not, or the other way about, does not compile
true satisfies Same<Names<Methods>, Names<Services>>
// neither does one whose input or answer is not the table's
true satisfies Methods extends Derived ? true : never
