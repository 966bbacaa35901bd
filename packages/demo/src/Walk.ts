import { type Client, type PaymentError, type Result, result } from "@connector-service/sdk/Client"
import { fail } from "./Failure.ts"
import type { Listener } from "./Listener.ts"
import type { Shop } from "./Shops.ts"
import * as Table from "./Table.ts"

/** What the tour carries along at one connector. */
export interface Walk {
  readonly shop: Shop
  readonly client: Client
  /** The sandbox's base address. */
  readonly sandbox: string
  /** Hears what the processors tell by webhook. */
  readonly listener: Listener
  readonly print: (line: string) => void
}

/** What a row shows of an answer. */
export interface Shown {
  readonly status: string
  readonly rawStatus?: string
  readonly id?: string
}

/** Makes a call and prints its row. */
const show = async <A>(
  { print, shop }: Walk,
  flow: string,
  send: () => Promise<A>,
  shown: (answer: A) => Shown
): Promise<Result<A>> => {
  const started = performance.now()
  const outcome = await result(send())
  const milliseconds = performance.now() - started
  const { id = "", rawStatus = "", status } = outcome.ok ? shown(outcome.value) : { status: outcome.error.reason._tag }
  print(Table.row({ connector: shop.connector, flow, status, rawStatus, id, milliseconds }))
  return outcome
}

/** Makes a call that is to be answered with a status; Failure when it is not. */
export const expectAnswer = async <A>(
  walk: Walk,
  flow: string,
  expected: string,
  send: () => Promise<A>,
  shown: (answer: A) => Shown
): Promise<A> => {
  const outcome = await show(walk, flow, send, shown)
  if (!outcome.ok) return fail(`The tour ended at ${outcome.error.message} ${outcome.error.nextStep}`)
  const { status } = shown(outcome.value)
  return status === expected
    ? outcome.value
    : fail(`The tour ended at ${flow}: the answer was ${status}, and ${expected} was expected.`)
}

/** Makes a call that is to end in an error; Failure when it does not. */
export const expectError = async <Tag extends PaymentError["reason"]["_tag"]>(
  walk: Walk,
  flow: string,
  expected: Tag,
  send: () => Promise<unknown>
): Promise<Extract<PaymentError["reason"], { readonly _tag: Tag }>> => {
  const outcome = await show(walk, flow, send, () => ({ status: "answered" }))
  if (outcome.ok) return fail(`The tour ended at ${flow}: it was answered, and ${expected} was expected.`)
  const { error } = outcome
  return isReason(error.reason, expected) ? error.reason : fail(`The tour ended at ${error.message} ${error.nextStep}`)
}

const isReason = <Tag extends PaymentError["reason"]["_tag"]>(
  reason: PaymentError["reason"],
  tag: Tag
): reason is Extract<PaymentError["reason"], { readonly _tag: Tag }> => reason._tag === tag
