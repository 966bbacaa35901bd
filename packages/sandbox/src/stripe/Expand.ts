import type { Account } from "./Account.ts"
import { invalid, type Refusal } from "./Refusal.ts"

/** The kinds of object an endpoint can answer with. */
export type Kind = "charge" | "customer" | "payment_intent" | "payment_method" | "refund" | "token"

/** Which properties of each kind hold the id of (or, for `refunds`, lead to) which other kind. */
const links: Readonly<Record<Kind, Readonly<Record<string, Kind>>>> = {
  charge: { customer: "customer", payment_intent: "payment_intent", refunds: "refund" },
  customer: {},
  payment_intent: { customer: "customer", latest_charge: "charge", payment_method: "payment_method" },
  payment_method: { customer: "customer" },
  refund: { charge: "charge", payment_intent: "payment_intent" },
  token: {}
}

const find: Readonly<Record<Kind, (account: Account, id: string) => object | undefined>> = {
  charge: (account, id) => account.charges.get(id)?.object,
  customer: (account, id) => account.customers.get(id)?.object,
  payment_intent: (account, id) => account.intents.get(id)?.object,
  payment_method: (account, id) => account.methods.get(id)?.object,
  refund: (account, id) => account.refunds.get(id)?.object,
  token: (account, id) => account.tokens.get(id)?.object
}

const linkOf = (kind: Kind, step: string): Kind | undefined =>
  Object.hasOwn(links[kind], step) ? links[kind][step] : undefined

/** Refuses a path that leads nowhere; asked before anything is executed. A list's paths start with `data`. */
export const checkExpand = (kind: Kind, isList: boolean, paths: ReadonlyArray<string>): Refusal | undefined => {
  for (const path of paths) {
    const steps = path.split(".")
    let at: Kind | undefined = isList && steps.shift() !== "data" ? undefined : kind
    for (const step of steps) {
      if (step !== "data") at = at && linkOf(at, step)
    }
    if (at === undefined || steps.length > 4) {
      return invalid(`The property ${path} cannot be expanded.`, { param: "expand" })
    }
  }
  return undefined
}

type Json = Record<string, unknown>

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

const refundsOf = (account: Account, chargeId: string): Json => ({
  object: "list",
  data: (account.charges.get(chargeId)?.refunds ?? []).map((refund) => refund.object).reverse(),
  has_more: false,
  url: `/v1/charges/${chargeId}/refunds`
})

const expandPath = (account: Account, kind: Kind, target: Json, steps: ReadonlyArray<string>): Json => {
  const [step, ...rest] = steps
  if (step === undefined) return target
  const { data } = target
  if (step === "data" && Array.isArray(data)) {
    return { ...target, data: data.filter(isJson).map((item) => expandPath(account, kind, item, rest)) }
  }
  const next = linkOf(kind, step)
  if (next === undefined) return target
  if (next === "refund") {
    return { ...target, [step]: expandPath(account, next, refundsOf(account, String(target.id)), rest) }
  }
  const value = target[step]
  const found = typeof value === "string" ? find[next](account, value) : value
  return isJson(found) ? { ...target, [step]: expandPath(account, next, found, rest) } : target
}

/** Puts whole objects where `paths` (such as `latest_charge` or `data.customer`) name their ids. */
export const expand = (account: Account, kind: Kind, value: object, paths: ReadonlyArray<string>): object =>
  paths.reduce<Json>((result, path) => expandPath(account, kind, result, path.split(".")), { ...value })
