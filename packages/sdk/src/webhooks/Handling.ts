import type { Acknowledgement, Delivery } from "@connector-service/domain/Delivery"
import type { Event } from "@connector-service/domain/Event"
import { PaymentError, type Reason } from "../PaymentError.ts"
import type { Client } from "../Promises.ts"

/** What receives deliveries: a client, or one for the target that a route is for. */
export type Receiver = Pick<Client, "webhook">

/**
 * Takes a delivery's events. The processor is told that they are in safe hands only once this has ended well; where it
 * fails, the processor sends them again.
 */
export type OnEvents = (events: ReadonlyArray<Event>) => PromiseLike<void> | void

/** How deliveries are taken. */
export interface WebhookOptions {
  /** The longest body that is read, in bytes; 1 MiB if absent. */
  readonly limit?: number | undefined
  /**
   * Told why a delivery was not acknowledged: a PaymentError, what `onEvents` failed with, or a TypeError where the body
   * came here already parsed. The processor is not told. `console.error` if absent.
   */
  readonly onFailure?: ((error: unknown) => void) | undefined
}

/** An answer to the processor. */
export type Answer = Pick<Acknowledgement, "status" | "contentType" | "body">

/** A delivery's bytes, or why there are none. */
export type Body =
  | { readonly _tag: "Read"; readonly bytes: Uint8Array }
  | { readonly _tag: "TooLong" }
  | { readonly _tag: "Cut" }
  | { readonly _tag: "Gone"; readonly advice: string }

/** The most that is read where nothing says. */
export const usualLimit = 1024 * 1024

/** The delivery is at fault, whoever sent it; nothing else is the sender's to know. */
const refusals: ReadonlySet<Reason["_tag"]> = new Set([
  "InvalidSignature",
  "StaleTimestamp",
  "UnknownSecret",
  "Unreadable"
])

const statusOf = (error: unknown): number =>
  error instanceof PaymentError && refusals.has(error.reason._tag) ? 400 : 500

/** Tells of a failure; what that fails with is nobody's. */
export const tell = (error: unknown, { onFailure = console.error }: WebhookOptions): Promise<void> =>
  Promise.resolve(error)
    .then(onFailure)
    .catch(() => undefined)

/** Node's `rawHeaders` by twos. */
export const pairs = (fields: ReadonlyArray<string>): Delivery["headers"] =>
  fields.flatMap((name, at) => (at % 2 === 0 ? [[name, fields[at + 1] ?? ""] as const] : []))

/** Receives a delivery and hands on its events; what the processor is to be answered. Never rejects. */
export const answer = async (
  receiver: Receiver,
  onEvents: OnEvents,
  options: WebhookOptions,
  head: Omit<Delivery, "body">,
  body: Body
): Promise<Answer> => {
  const failed = (status: number) => (error: unknown) => tell(error, options).then(() => ({ status }))
  switch (body._tag) {
    case "TooLong":
      return failed(413)(new RangeError(`A webhook's body is longer than ${options.limit ?? usualLimit} bytes.`))
    case "Cut":
      return failed(400)(new TypeError("A webhook's body broke off on its way."))
    case "Gone":
      return failed(500)(
        new TypeError(
          `The webhook's body was read before it came here, and without its exact bytes no signature can be checked. ${body.advice}`
        )
      )
    case "Read":
      return receiver.webhook.receive({ delivery: { ...head, body: body.bytes } }).then(
        ({ acknowledgement, events }) =>
          Promise.resolve(events)
            .then(onEvents)
            .then(() => acknowledgement, failed(500)),
        (error: unknown) => failed(statusOf(error))(error)
      )
  }
}
