import { hash } from "node:crypto"
import { nobody, type Tell } from "../Happened.ts"
import { after, header, withHeaders } from "../Http.ts"
import { IdempotencyStore } from "../Idempotency.ts"
import { isTree, type Json, parseJson, type Tree, textOf } from "../Json.ts"
import type { Later } from "../Later.ts"
import type { Ledger } from "../Ledger.ts"
import type { Call, Handled, Processor, Reply, Twist } from "../Processor.ts"
import { randomText } from "../Random.ts"
import { isoNow, now } from "../Surroundings.ts"
import { Account, type Context } from "./Account.ts"
import { checkBody } from "./Body.ts"
import { descriptionOf, type Place } from "./Issues.ts"
import type { Answer } from "./Orders.ts"
import { type Approval, servePage } from "./Pages.ts"
import { errorBody, inProgress, invalid, Refusal, unprocessable } from "./Refusal.ts"
import { findRoute, type Route } from "./Routes.ts"
import { invalidToken, Tokens } from "./Tokens.ts"
import { certificatesAt, eventOf, verificationOf } from "./Webhooks.ts"

const hourMilliseconds = 3_600_000

// The descriptions of the PayPal-Request-Id parameter in the published files.
const retentions: Record<Place["api"], number> = {
  orders: 6 * hourMilliseconds,
  payments: 45 * 24 * hourMilliseconds,
  vault: 3 * hourMilliseconds
}

const newDebugId = (): string => randomText(13).toLowerCase()

const reply = (status: number, body: object | null, debugId = newDebugId()): Reply => ({
  status,
  headers: {
    "Paypal-Debug-Id": debugId,
    ...(body === null ? {} : { "Content-Type": "application/json" })
  },
  body: body === null ? "" : JSON.stringify(body)
})

const refusalReply = (refusal: Refusal, place: Place): Reply => {
  const debugId = newDebugId()
  return reply(refusal.status, errorBody(refusal, place, debugId), debugId)
}

const placeOf = (call: Call): Place =>
  findRoute(call.method, call.path)?.route.place ?? {
    api: call.path.startsWith("/v3/vault/") ? "vault" : call.path.startsWith("/v2/payments/") ? "payments" : "orders",
    operation: ""
  }

const answerReply = (call: Call, answer: Answer, status: number): Reply => {
  const whole = call.method === "GET" || (header(call, "prefer") ?? "").includes("return=representation")
  const body = whole ? answer.whole() : answer.brief()
  return reply(body === null ? 204 : status, body)
}

/** The issue that a PayPal-Mock-Response header asks for (developer.paypal.com/tools/sandbox/negative-testing). */
const mocked = (call: Call, place: Place): Refusal | undefined => {
  const asked = parseJson(header(call, "paypal-mock-response") ?? "")
  const code = isTree(asked) ? textOf(asked, "mock_application_codes") : undefined
  if (code === "INTERNAL_SERVER_ERROR") return new Refusal(500, [])
  // The page: a value that is not one of the codes changes nothing.
  return code === undefined || descriptionOf(code, place) === undefined ? undefined : unprocessable(code)
}

const bodyOf = (call: Call, place: Place): Json | Refusal => {
  if (call.method === "GET") return Object.fromEntries(new URLSearchParams(call.query))
  if (call.body === "") return {}
  if (!(header(call, "content-type") ?? "").startsWith("application/json")) return new Refusal(415, [])
  const malformed = place.api === "orders" ? "MALFORMED_REQUEST_JSON" : "INVALID_PARAMETER_SYNTAX"
  return parseJson(call.body) ?? invalid({ issue: malformed, field: "/", location: "body" })
}

const readParams = (call: Call, { place, fields, needs }: Route): Tree | Refusal => {
  const body = bodyOf(call, place)
  return body instanceof Refusal ? body : checkBody(body, fields, needs)
}

const unprocessed = (refused: Reply): Handled => ({ reply: refused, processed: false, replayed: false })

const verified = (call: Call): Reply => {
  const body = parseJson(call.body)
  const needed = ["auth_algo", "cert_url", "transmission_id", "transmission_sig", "transmission_time", "webhook_id"]
  return isTree(body) && isTree(body.webhook_event) && needed.every((name) => textOf(body, name) !== undefined)
    ? reply(200, { verification_status: verificationOf(body, call.body) })
    : reply(400, { name: "VALIDATION_ERROR", message: "Invalid request - see details", details: [], links: [] })
}

// A payer id's alphabet leaves out what looks alike.
const merchantIdOf = (clientId: string): string => {
  const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
  const bytes = Buffer.from(hash("sha256", clientId, "hex"), "hex").subarray(0, 13)
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("")
}

class PayPal implements Processor {
  readonly id = "paypal"
  readonly keyHeader = "paypal-request-id"
  readonly #ledger: Ledger
  readonly #tell: Tell
  readonly #accounts = new Map<string, Account>()
  readonly #tokens = new Tokens()
  // What is kept of a call is what it made: a repeated key is told "the latest status of the previous request".
  readonly #keys = {
    orders: new IdempotencyStore<Answer>(retentions.orders),
    payments: new IdempotencyStore<Answer>(retentions.payments),
    vault: new IdempotencyStore<Answer>(retentions.vault)
  }

  constructor(ledger: Ledger, tell: Tell) {
    this.#ledger = ledger
    this.#tell = tell
  }

  handle(call: Call, twist: Twist): Handled | Later<Handled> {
    if (call.path === "/checkoutnow") return servePage(this.#approval(call), call)
    if (`${call.method} ${call.path}` === "POST /v1/oauth2/token") {
      return after(twist, () => unprocessed(this.#tokens.issue(call)))
    }
    // Not PayPal's: lets a test see what a client does when a token that it holds is no longer good.
    if (`${call.method} ${call.path}` === "POST /_test/revoke") {
      this.#tokens.revoke()
      return unprocessed(reply(204, null))
    }
    const certificates = call.path.startsWith("/v1/notifications/certs/") ? certificatesAt(call.path) : undefined
    if (certificates !== undefined) {
      return unprocessed({ status: 200, headers: { "Content-Type": "application/x-pem-file" }, body: certificates })
    }
    const found = findRoute(call.method, call.path)
    const authorization = header(call, "authorization")
    if (authorization === undefined) return unprocessed(refusalReply(new Refusal(401, []), placeOf(call)))
    const clientId = this.#tokens.clientOf(authorization.replace(/^Bearer /i, ""), now())
    if (clientId === undefined) return unprocessed(invalidToken())
    if (`${call.method} ${call.path}` === "POST /v1/notifications/verify-webhook-signature") {
      return after(twist, () => unprocessed(verified(call)))
    }
    if (found === undefined) return unprocessed(refusalReply(new Refusal(404, []), placeOf(call)))
    return this.#serve(call, twist, this.#account(clientId), found.route, found.id)
  }

  rateLimited(call: Call, retryAfter: number | undefined): Reply {
    const limited = refusalReply(new Refusal(429, []), placeOf(call))
    return retryAfter === undefined ? limited : withHeaders(limited, { "Retry-After": String(retryAfter) })
  }

  serverError(call: Call): Reply {
    return refusalReply(new Refusal(500, []), placeOf(call))
  }

  // Tokens outlive it, as API keys do elsewhere: a client that holds one need not know that a test began anew.
  reset(): void {
    this.#accounts.clear()
    this.#keys.orders.reset()
    this.#keys.payments.reset()
    this.#keys.vault.reset()
  }

  #account(clientId: string): Account {
    const known = this.#accounts.get(clientId)
    if (known !== undefined) return known
    const account = new Account(clientId, merchantIdOf(clientId))
    this.#accounts.set(clientId, account)
    return account
  }

  #approval(call: Call): Approval | undefined {
    const id = new URLSearchParams(call.query).get("token") ?? ""
    for (const account of this.#accounts.values()) {
      const order = account.orders.get(id)
      if (order === undefined) continue
      return { order, context: this.#context(call, account, { api: "orders", operation: "approve" }, 0, null) }
    }
    return undefined
  }

  #serve(call: Call, twist: Twist, account: Account, route: Route, id: string): Handled | Later<Handled> {
    const { place, keyed } = route
    const key = keyed ? header(call, this.keyHeader) : undefined
    const run = (): Answer | Refusal => {
      const params = readParams(call, route)
      if (params instanceof Refusal) return params
      return (
        mocked(call, place) ?? route.run(this.#context(call, account, place, twist.amountOff, key ?? null), id, params)
      )
    }
    if (key === undefined || key === "") return after(twist, () => this.#told(call, route, twist, run()))
    const store = this.#keys[place.api]
    // One space of keys for each operation; what the content was does not matter (see the idempotency guidelines).
    const state = store.begin(account.id, `${place.operation} ${key}`, "", now())
    switch (state.is) {
      case "executing":
        return unprocessed(refusalReply(inProgress, place))
      case "replay":
        return { reply: answerReply(call, state.reply, route.again), processed: false, replayed: true }
      default:
        return after(twist, () => {
          const result = run()
          if (result instanceof Refusal) store.forget(account.id, `${place.operation} ${key}`)
          else store.finish(account.id, `${place.operation} ${key}`, result)
          return this.#told(call, route, twist, result)
        })
    }
  }

  #told(call: Call, route: Route, twist: Twist, result: Answer | Refusal): Handled {
    const refused = result instanceof Refusal
    // What was refused for its form never ran, so no fault comes after it.
    if (twist.failAfter && (!refused || result.status === 422)) {
      return { reply: this.serverError(call), processed: !refused, replayed: false }
    }
    return refused
      ? unprocessed(refusalReply(result, route.place))
      : { reply: answerReply(call, result, route.status), processed: true, replayed: false }
  }

  #context(call: Call, account: Account, place: Place, amountOff: number, key: string | null): Context {
    const time = isoNow()
    return {
      account,
      place,
      now: `${time.slice(0, 19)}Z`,
      origin: call.origin,
      amountOff,
      keyed: key !== null && key !== "",
      money: (kind, entry) =>
        this.#ledger.money(kind, {
          processor: this.id,
          account: account.id,
          ...entry,
          idempotency_key: key,
          time
        }),
      event: (type, resource, view, summary) => this.#tell(this.id, () => eventOf(type, resource, view(), summary))
    }
  }
}

/** The embedded PayPal; accepted money goes to the ledger, and what happens is told. */
export const makePayPal = (ledger: Ledger, tell = nobody): Processor => new PayPal(ledger, tell)
