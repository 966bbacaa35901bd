import { identity } from "effect/Function"
import * as Schema from "effect/Schema"
import { Amount } from "./Amount.ts"
import { Connector } from "./Capability.ts"
import * as D from "./Delivery.ts"
import type { Money } from "./Money.ts"
import * as P from "./Payment.ts"
import type { Declined } from "./Reason.ts"
import * as R from "./Refund.ts"
import * as S from "./Settlement.ts"
import { ConnectorId } from "./Text.ts"

/** `read` changes nothing; `write` may move money or create something. */
export type Kind = "read" | "write"

/** One row of the table: a method's request, response and kind. */
export interface Row<Request extends Schema.Constraint, Response extends Schema.Constraint, K extends Kind> {
  readonly kind: K
  readonly request: Request
  readonly response: Response
  /** The answer that a refusal is. */
  readonly declined: (declined: Declined, request: Request["Type"]) => Response["Type"] | undefined
  /** Whether it goes on with what an earlier call of it may have gone on with. */
  readonly resumes: boolean
  /** What an answer says was taken or given back; undefined when it says nothing was. */
  readonly moved: (response: Response["Type"]) => Money | undefined
  /** The answer as Settle and errors carry it. */
  readonly found: (response: Response["Type"]) => S.Found | undefined
  /** The answer with what was asked in its `state`, where a later call finds out whether that was taken. */
  readonly remember: (response: Response["Type"], asked: Money) => Response["Type"]
}

const row = <K extends Kind, Request extends Schema.Constraint, Response extends Schema.Constraint>(
  kind: K,
  request: Request,
  response: Response,
  answers?: Partial<Pick<Row<Request, Response, K>, "declined" | "resumes" | "moved" | "found" | "remember">>
): Row<Request, Response, K> => ({
  kind,
  request,
  response,
  declined: answers?.declined ?? (() => undefined),
  resumes: answers?.resumes ?? false,
  moved: answers?.moved ?? (() => undefined),
  found: answers?.found ?? (() => undefined),
  remember: answers?.remember ?? identity
})

const askedText = ({ currencyCode, minorUnits }: Money): string => `${currencyCode} ${minorUnits}`

const isAmount = Schema.is(Amount)

/** What an earlier answer's `state` says was asked. */
export const askedOf = (state: P.Payment["state"] | undefined): Money | undefined => {
  const [, currencyCode, minorUnits] = /^([A-Z]{3}) (\d{1,12})$/.exec(state?.asked ?? "") ?? []
  if (currencyCode === undefined || minorUnits === undefined) return undefined
  const asked = { minorUnits: BigInt(minorUnits), currencyCode }
  return isAmount(asked) ? asked : undefined
}

const payment = {
  declined: (
    { decline, payment }: Declined,
    request: {
      readonly reference?: string
      readonly paymentId?: string
      readonly state?: P.Payment["state"] | undefined
    }
  ): P.Payment => ({
    paymentId: request.paymentId ?? "",
    rawStatus: decline.rawCode,
    reference: request.reference,
    ...payment,
    // one that was there before can be gone on with, by another payer or another way to pay, unless the processor says
    // no; what the refusal does not tell stays as an earlier answer told it
    state: { ...request.state, ...payment?.state },
    status: "DECLINED",
    final: payment?.final ?? request.paymentId === undefined,
    decline
  }),
  moved: (payment: P.Payment) =>
    payment.status === "AUTHORIZED"
      ? (payment.amountAuthorized ?? payment.amount)
      : payment.status === "CAPTURED"
        ? (payment.amountCaptured ?? payment.amount)
        : undefined,
  found: (payment: P.Payment): S.Found => ({ _tag: "Payment", payment }),
  remember: (payment: P.Payment, asked: Money): P.Payment =>
    payment.status === "REQUIRES_ACTION" || payment.status === "PENDING"
      ? { ...payment, state: { ...payment.state, asked: askedText(asked) } }
      : payment
}

const capture = {
  declined: ({ decline, payment }: Declined, { paymentId, reference, state }: P.CaptureRequest): P.Capture => ({
    paymentId,
    reference,
    status: "FAILED",
    rawStatus: payment?.rawStatus ?? decline.rawCode,
    paymentStatus: payment?.status ?? "UNRECOGNIZED",
    decline,
    state: { ...state, ...payment?.state }
  }),
  moved: (capture: P.Capture) =>
    capture.status === "SUCCEEDED" || capture.status === "PENDING" ? capture.amount : undefined,
  found: (capture: P.Capture): S.Found => ({ _tag: "Capture", capture })
}

const refund = {
  declined: ({ decline }: Declined, { paymentId, reference }: R.CreateRequest): R.Refund => ({
    refundId: "",
    paymentId,
    reference,
    status: "FAILED",
    rawStatus: decline.rawCode,
    failureReason: decline.rawMessage,
    decline,
    state: {}
  }),
  moved: (refund: R.Refund) =>
    refund.status === "SUCCEEDED" || refund.status === "PENDING" ? refund.amount : undefined,
  found: (refund: R.Refund): S.Found => ({ _tag: "Refund", refund })
}

/** The flows that connectors implement, by service. */
export const flows = {
  payment: {
    authorize: row("write", P.AuthorizeRequest, P.Payment, payment),
    capture: row("write", P.CaptureRequest, P.Capture, capture),
    void: row("write", P.VoidRequest, P.Payment, { found: payment.found }),
    reverse: row("write", P.ReverseRequest, P.Payment, { found: payment.found }),
    get: row("read", P.GetRequest, P.Payment, { found: payment.found }),
    complete: row("write", P.CompleteRequest, P.Payment, {
      resumes: true,
      declined: payment.declined,
      moved: payment.moved,
      remember: payment.remember,
      // while the payer has not done what is asked, there is nothing that going on could have taken
      found: (value) => (value.status === "REQUIRES_ACTION" ? undefined : payment.found(value))
    })
  },
  refund: {
    create: row("write", R.CreateRequest, R.Refund, refund),
    get: row("read", R.GetRequest, R.Refund, { found: refund.found })
  }
} as const

/** Every method there is, by service: the only list. `PaymentService.Capture` is `services.payment.capture`. */
export const services = {
  ...flows,
  settlement: { settle: row("read", S.SettleRequest, S.Settlement) },
  webhook: {
    identify: row("read", D.IdentifyRequest, D.Unverified),
    receive: row("read", D.ReceiveRequest, D.Received)
  },
  connector: {
    list: row("read", Schema.Struct({}), Schema.Array(Connector)),
    get: row("read", Schema.Struct({ id: ConnectorId }), Connector)
  }
} as const

/** Type of the flows that connectors implement. */
export type Flows = typeof flows
/** Type of every method there is. */
export type Services = typeof services

type Field<T, K extends PropertyKey> = K extends keyof T ? T[K] : never
/** What a method takes. */
export type RequestOf<S extends keyof Services, M extends keyof Services[S]> = Field<
  Field<Services[S][M], "request">,
  "Type"
>
/** What a method answers. */
export type ResponseOf<S extends keyof Services, M extends keyof Services[S]> = Field<
  Field<Services[S][M], "response">,
  "Type"
>
