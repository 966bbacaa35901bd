import { hash } from "node:crypto"
import { decodeForm } from "../Form.ts"
import { nobody, type Tell } from "../Happened.ts"
import { after, header, withHeaders } from "../Http.ts"
import { IdempotencyStore } from "../Idempotency.ts"
import type { Later } from "../Later.ts"
import type { Ledger, MoneyKind } from "../Ledger.ts"
import type { Call, Handled, Processor, Reply, Twist } from "../Processor.ts"
import { randomText } from "../Random.ts"
import { now } from "../Surroundings.ts"
import { Account, type Challenge, type Context } from "./Account.ts"
import { checkExpand, expand } from "./Expand.ts"
import { servePage } from "./Pages.ts"
import { check, listOf } from "./Parameters.ts"
import { invalid, Refusal, type StripeError, unauthorized } from "./Refusal.ts"
import { findRoute, type Route } from "./Routes.ts"
import { eventOf } from "./Webhooks.ts"

const dayMilliseconds = 86_400_000

// The version of the published specification that the replies are checked against.
const defaultVersion = "2023-08-16"

const keyOf = (call: Call): string | undefined => {
  const [scheme, credentials = ""] = (header(call, "authorization") ?? "").split(" ")
  switch (scheme?.toLowerCase()) {
    case "bearer":
      return credentials
    case "basic":
      return Buffer.from(credentials, "base64").toString("utf8").split(":")[0]
    default:
      return undefined
  }
}

const checkKey = (key: string | undefined): string | Refusal => {
  if (key === undefined || key === "") return unauthorized("An API key is needed, as a bearer token or for basic auth.")
  if (key === "sk_test_expired") return unauthorized("The API key has expired.", "api_key_expired")
  return /^(sk|rk)_test_\w+$/.test(key) ? key : unauthorized("The API key is not one of this test environment.")
}

const errorReply = (call: Call, status: number, error: StripeError, more: Record<string, string> = {}): Reply => {
  const requestId = `req_${randomText(14)}`
  return {
    status,
    headers: {
      "Content-Type": "application/json",
      "Request-Id": requestId,
      "Stripe-Version": header(call, "stripe-version") ?? defaultVersion,
      ...(status === 401 ? { "WWW-Authenticate": 'Basic realm="Stripe"' } : {}),
      ...more
    },
    body: JSON.stringify({
      error: { ...error, request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}` }
    })
  }
}

const objectReply = (call: Call, value: object): Reply => ({
  status: 200,
  headers: {
    "Content-Type": "application/json",
    "Request-Id": `req_${randomText(14)}`,
    "Stripe-Version": header(call, "stripe-version") ?? defaultVersion
  },
  body: JSON.stringify(value)
})

const refusalReply = (call: Call, refusal: Refusal): Reply => errorReply(call, refusal.status, refusal.error)

const internalError: StripeError = { type: "api_error", message: "Something went wrong inside." }

/** What the parameters of two calls have in common when they are the same, whatever their order. */
const fingerprint = (call: Call): string =>
  hash("sha256", `${call.path}\n${call.body.split("&").sort().join("&")}`, "base64")

const checkCall = (call: Call): Refusal | undefined => {
  const version = header(call, "stripe-version")
  if (version !== undefined && !/^\d{4}-\d{2}-\d{2}/.test(version)) return invalid("The API version is not a date.")
  const type = header(call, "content-type") ?? ""
  return call.body !== "" && !type.startsWith("application/x-www-form-urlencoded")
    ? invalid("The body must be application/x-www-form-urlencoded.")
    : undefined
}

interface Outcome {
  readonly reply: Reply
  /** The endpoint began to execute, so that an idempotency key keeps the reply. */
  readonly executed: boolean
}

class Stripe implements Processor {
  readonly id = "stripe"
  readonly keyHeader = "idempotency-key"
  readonly #ledger: Ledger
  readonly #tell: Tell
  readonly #accounts = new Map<string, Account>()
  readonly #challenges = new Map<string, Challenge>()
  readonly #keys = new IdempotencyStore(dayMilliseconds)

  constructor(ledger: Ledger, tell: Tell) {
    this.#ledger = ledger
    this.#tell = tell
  }

  handle(call: Call, twist: Twist): Handled | Later<Handled> {
    if (call.path.startsWith("/pages/")) return servePage(this.#challenges, call)
    const key = checkKey(keyOf(call))
    if (key instanceof Refusal) return this.#refuse(call, key)
    const found = findRoute(call.method, call.path)
    if (found === undefined) {
      return this.#refuse(
        call,
        new Refusal(404, { type: "invalid_request_error", message: `There is no ${call.method} ${call.path}.` }, false)
      )
    }
    const idempotencyKey = call.method === "POST" ? header(call, "idempotency-key") : undefined
    const account = this.#account(key)
    const run = (): Outcome => this.#run(call, account, found.route, found.id, twist, idempotencyKey ?? null)
    if (idempotencyKey === undefined || idempotencyKey === "") {
      return after(twist, () => {
        const { reply, executed } = run()
        return { reply, processed: executed, replayed: false }
      })
    }
    return this.#keyed(call, account, idempotencyKey, twist, run)
  }

  rateLimited(call: Call, retryAfter: number | undefined): Reply {
    return errorReply(
      call,
      429,
      { type: "invalid_request_error", code: "rate_limit", message: "Too many requests." },
      retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) }
    )
  }

  serverError(call: Call): Reply {
    return errorReply(call, 500, internalError)
  }

  reset(): void {
    this.#accounts.clear()
    this.#challenges.clear()
    this.#keys.reset()
  }

  #account(key: string): Account {
    const known = this.#accounts.get(key)
    if (known !== undefined) return known
    const account = new Account(`acct_${hash("sha256", key, "hex").slice(0, 16)}`)
    this.#accounts.set(key, account)
    return account
  }

  #refuse(call: Call, refusal: Refusal): Handled {
    return { reply: refusalReply(call, refusal), processed: false, replayed: false }
  }

  #keyed(call: Call, account: Account, key: string, twist: Twist, run: () => Outcome): Handled | Later<Handled> {
    if (key.length > 255) return this.#refuse(call, invalid("An idempotency key may have at most 255 characters."))
    const echo = { "Idempotency-Key": key }
    const state = this.#keys.begin(account.id, key, fingerprint(call), now())
    switch (state.is) {
      case "mismatch": {
        const message = "This idempotency key was first used for another request."
        return {
          reply: errorReply(call, 400, { type: "idempotency_error", message }, echo),
          processed: false,
          replayed: false
        }
      }
      case "executing": {
        const message = "A request with this idempotency key is still executing."
        const error: StripeError = { type: "idempotency_error", code: "idempotency_key_in_use", message }
        return {
          reply: errorReply(call, 409, error, { ...echo, "Stripe-Should-Retry": "true" }),
          processed: false,
          replayed: false
        }
      }
      case "replay": {
        const again = { "Request-Id": `req_${randomText(14)}`, "Idempotent-Replayed": "true" }
        return { reply: withHeaders(state.reply, again), processed: false, replayed: true }
      }
      case "fresh":
        return after(twist, () => {
          const { reply, executed } = run()
          const kept = withHeaders(reply, {
            ...echo,
            "Original-Request": reply.headers["Request-Id"] ?? "",
            // The stored error would only be replayed.
            ...(reply.status >= 500 ? { "Stripe-Should-Retry": "false" } : {})
          })
          if (executed) this.#keys.finish(account.id, key, kept)
          else this.#keys.forget(account.id, key)
          return { reply: kept, processed: executed, replayed: false }
        })
    }
  }

  #context(call: Call, account: Account, twist: Twist, idempotencyKey: string | null): Context {
    const time = now()
    const version = header(call, "stripe-version") ?? defaultVersion
    return {
      account,
      now: Math.floor(time / 1000),
      origin: call.origin,
      version,
      amountOff: twist.amountOff,
      challenges: this.#challenges,
      money: (kind: MoneyKind, entry) =>
        this.#ledger.money(kind, {
          processor: this.id,
          account: account.id,
          ...entry,
          idempotency_key: idempotencyKey,
          time: new Date(time).toISOString()
        }),
      event: (type, object) =>
        this.#tell(this.id, () => eventOf(type, object, { version, idempotencyKey, now: Math.floor(now() / 1000) }))
    }
  }

  #run(
    call: Call,
    account: Account,
    { answers, fields, needs, run }: Route,
    id: string,
    twist: Twist,
    idempotencyKey: string | null
  ): Outcome {
    const unexecuted = (refusal: Refusal): Outcome => ({ reply: refusalReply(call, refusal), executed: false })
    const malformed = checkCall(call)
    if (malformed !== undefined) return unexecuted(malformed)
    const params = check(decodeForm(call.method === "GET" ? call.query : call.body), fields, needs)
    if (params instanceof Refusal) return unexecuted(params)
    const paths = listOf(params, "expand") ?? []
    const lost = checkExpand(answers, call.method === "GET" && id === "", paths)
    if (lost !== undefined) return unexecuted(lost)
    const result = run(this.#context(call, account, twist, idempotencyKey), id, params)
    if (result instanceof Refusal && !result.stored) return unexecuted(result)
    if (twist.failAfter) return { reply: errorReply(call, 500, internalError), executed: true }
    const reply =
      result instanceof Refusal
        ? refusalReply(call, result)
        : objectReply(call, paths.length === 0 ? result : expand(account, answers, result, paths))
    return { reply, executed: true }
  }
}

/** The embedded Stripe; accepted money goes to the ledger, and what happens is told. */
export const makeStripe = (ledger: Ledger, tell = nobody): Processor => new Stripe(ledger, tell)
