import type { Collection, Context, IntentRecord, RefundRecord } from "./Account.ts"
import { hashOf, numberOf, type Params, textOf } from "./Parameters.ts"
import { invalid, missing, type Refusal } from "./Refusal.ts"

/** A page of objects, newest first. */
export interface Page {
  readonly object: "list"
  readonly data: ReadonlyArray<object>
  readonly has_more: boolean
  readonly url: string
}

interface Listed {
  readonly id: string
  readonly object: { readonly created: number }
}

interface Source<A extends Listed> {
  readonly url: string
  readonly all: Collection<A>
  readonly keeps: (item: A) => boolean
}

const page = <A extends Listed>(source: Source<A>, params: Params): Page | Refusal => {
  const limit = numberOf(params, "limit") ?? 10
  if (limit > 100) {
    return invalid("The limit may be at most 100.", { code: "parameter_invalid_integer", param: "limit" })
  }
  const after = textOf(params, "starting_after")
  const before = textOf(params, "ending_before")
  if (after !== undefined && source.all.get(after) === undefined) return missing(400, "object", after, "starting_after")
  if (before !== undefined && source.all.get(before) === undefined) {
    return missing(400, "object", before, "ending_before")
  }
  const created = hashOf(params, "created")
  const from = Math.max(numberOf(created, "gte") ?? 0, (numberOf(created, "gt") ?? -1) + 1)
  const to = Math.min(numberOf(created, "lte") ?? Infinity, (numberOf(created, "lt") ?? Infinity) - 1)
  const found: Array<A> = []
  for (const item of before === undefined ? source.all.newestFirst(after) : source.all.newerThan(before)) {
    const time = item.object.created
    // Items are in the order of their creation, so nothing beyond this one can be new enough.
    if (before === undefined && time < from) break
    if (time < from || time > to || !source.keeps(item)) continue
    found.push(item)
    if (found.length > limit) break
  }
  const data = found.slice(0, limit).map((item) => item.object)
  return {
    object: "list",
    data: before === undefined ? data : data.reverse(),
    has_more: found.length > limit,
    url: source.url
  }
}

/** `GET /v1/payment_intents`. */
export const listIntents = (context: Context, _id: string, params: Params): Page | Refusal => {
  const customer = textOf(params, "customer")
  return page<IntentRecord>(
    {
      url: "/v1/payment_intents",
      all: context.account.intents,
      keeps: ({ object }) => customer === undefined || object.customer === customer
    },
    params
  )
}

/** `GET /v1/refunds`. */
export const listRefunds = (context: Context, _id: string, params: Params): Page | Refusal => {
  const paymentId = textOf(params, "payment_intent")
  const chargeId = textOf(params, "charge")
  return page<RefundRecord>(
    {
      url: "/v1/refunds",
      all: context.account.refunds,
      keeps: ({ object }) =>
        (paymentId === undefined || object.payment_intent === paymentId) &&
        (chargeId === undefined || object.charge === chargeId)
    },
    params
  )
}
