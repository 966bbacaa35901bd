import type { RequestOf } from "@connector-service/domain/Services"
import type { Friendly } from "./Friendly.ts"

/** A payment to authorize. `reference` is your id of this one operation. */
export interface AuthorizeInput extends Friendly<RequestOf<"payment", "authorize">> {}
/** A capture of reserved funds; hand back the payment's `state`. */
export interface CaptureInput extends Friendly<RequestOf<"payment", "capture">> {}
/** A release of reserved funds; hand back the payment's `state`. */
export interface VoidInput extends Friendly<RequestOf<"payment", "void">> {}
/** Undoing a payment whole; hand back its `state`. */
export interface ReverseInput extends Friendly<RequestOf<"payment", "reverse">> {}
/** A question about a payment. */
export interface GetPaymentInput extends Friendly<RequestOf<"payment", "get">> {}
/** What goes on after a next action; `returned` is what the payer's browser brought back. */
export interface CompleteInput extends Friendly<RequestOf<"payment", "complete">> {}
/** A refund to make; hand back the payment's `state`. */
export interface CreateRefundInput extends Friendly<RequestOf<"refund", "create">> {}
/** A question about a refund. */
export interface GetRefundInput extends Friendly<RequestOf<"refund", "get">> {}
/** A write whose outcome is unknown, as the error's `reason.unsettled` gave it. */
export interface SettleInput extends Friendly<RequestOf<"settlement", "settle">> {}
/** A webhook as it arrived; `body` is its exact bytes. */
export interface IdentifyInput extends Friendly<RequestOf<"webhook", "identify">> {}
/** A webhook as it arrived; `body` is its exact bytes. */
export interface ReceiveInput extends Friendly<RequestOf<"webhook", "receive">> {}
/** A connector's id. */
export interface GetConnectorInput extends Friendly<RequestOf<"connector", "get">> {}
/** Nothing to say. */
export interface ListConnectorsInput extends Friendly<RequestOf<"connector", "list">> {}
