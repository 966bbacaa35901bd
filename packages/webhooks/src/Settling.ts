import type { Event } from "@connector-service/domain/Event"
import { equals, type Money } from "@connector-service/domain/Money"
import { AmountMismatch } from "@connector-service/domain/Reason"
import { flows } from "@connector-service/domain/Services"
import type { Found, Settlement, Unsettled } from "@connector-service/domain/Settlement"
import * as Effect from "effect/Effect"

/** What an event shows of a write, and how much that took or gave back. */
interface Shown {
  readonly found: Found
  readonly moved: Money | undefined
}

const payment = (event: Event, isIts: (payment: Extract<Found, { _tag: "Payment" }>["payment"]) => boolean) =>
  event._tag === "Payment" && event.payment.status !== "UNRECOGNIZED" && isIts(event.payment)
    ? {
        found: { _tag: "Payment", payment: event.payment } as const,
        moved: flows.payment.authorize.moved(event.payment)
      }
    : undefined

/** Whether two ids are the same, where both are told. */
const agree = (one: string | undefined, other: string | undefined) => !one || !other || one === other

const refund = (event: Event, { attempt = 1, paymentId, reference }: Unsettled): Shown | undefined =>
  event._tag === "Refund" &&
  attempt === 1 &&
  event.refund.reference === reference &&
  agree(event.refund.paymentId, paymentId)
    ? { found: { _tag: "Refund", refund: event.refund }, moved: flows.refund.create.moved(event.refund) }
    : undefined

const voided = (event: Event, { paymentId }: Unsettled): Shown | undefined => {
  const shown = payment(event, (payment) => payment.paymentId === paymentId && payment.status === "VOIDED")
  // what was released was taken before
  return shown && { ...shown, moved: undefined }
}

/**
 * By flow, whether an event is about this very write. No event tells the attempt: what is known by its reference alone may
 * be an earlier attempt's, come late, so only a first attempt is known so.
 */
const about: Readonly<Record<string, (event: Event, unsettled: Unsettled) => Shown | undefined>> = {
  "payment.authorize": (event, { attempt = 1, reference }) =>
    attempt === 1 ? payment(event, (payment) => payment.reference === reference) : undefined,
  // a payment that waits for its payer may have the caller's reference for an id
  "payment.complete": (event, { paymentId }) =>
    paymentId === undefined
      ? undefined
      : payment(
          event,
          (payment) =>
            payment.status !== "REQUIRES_ACTION" && (payment.paymentId === paymentId || payment.reference === paymentId)
        ),
  "payment.capture": (event, { attempt = 1, paymentId, reference }) =>
    event._tag === "Capture" &&
    attempt === 1 &&
    event.capture.reference === reference &&
    agree(event.capture.paymentId, paymentId)
      ? { found: { _tag: "Capture", capture: event.capture }, moved: flows.payment.capture.moved(event.capture) }
      : undefined,
  "payment.void": voided,
  "payment.reverse": (event, unsettled) => voided(event, unsettled) ?? refund(event, unsettled),
  "refund.create": refund
}

/**
 * What an event tells of a write whose outcome was unknown: taken, with what was found, or nothing (STILL_UNKNOWN). Fails
 * where another amount was taken than was asked. Never says that a write was not taken.
 */
export const settle = (unsettled: Unsettled, event: Event): Effect.Effect<Settlement, AmountMismatch> => {
  const shown = Object.hasOwn(about, unsettled.flow) ? about[unsettled.flow]?.(event, unsettled) : undefined
  if (shown === undefined) return Effect.succeed({ _tag: "StillUnknown", awaitWebhook: true })
  const { found, moved } = shown
  const { amount } = unsettled
  return moved === undefined || amount === undefined || equals(moved, amount)
    ? Effect.succeed({ _tag: "Taken", found })
    : Effect.fail(new AmountMismatch({ asked: amount, found }))
}
