import { nobody, type Tell } from "../Happened.ts"
import { after, header, withHeaders } from "../Http.ts"
import { IdempotencyStore } from "../Idempotency.ts"
import type { Later } from "../Later.ts"
import type { Ledger } from "../Ledger.ts"
import { type Call, type Handled, type Processor, type Reply, straight, type Twist } from "../Processor.ts"
import { isoNow, now } from "../Surroundings.ts"
import { parseBody } from "./Body.ts"
import { servePage } from "./Pages.ts"
import { alreadyInProgress, malformed, noEndpoint, Refusal, unauthorized } from "./Refusal.ts"
import { findRoute, type Route, runRoute } from "./Routes.ts"
import type { Context, Merchant, Step } from "./State.ts"
import { notificationOf } from "./Webhooks.ts"

// docs.adyen.com/development-resources/api-idempotency: at least seven days, at most 64 characters.
const retentionMilliseconds = 7 * 86_400_000
const longestKey = 64

/** The one key in the right form that this sandbox does not know. */
const unknownKey = "AQEunknownApiKey"

const checkApiKey = (call: Call): string | Refusal => {
  const key = header(call, "x-api-key") ?? ""
  return /^[A-Za-z0-9+/=._-]{8,}$/.test(key) && key !== unknownKey ? key : unauthorized()
}

const json = (status: number, value: object, more: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { "Content-Type": "application/json;charset=UTF-8", ...more },
  body: JSON.stringify(value)
})

const refusalReply = ({ error, transient }: Refusal): Reply =>
  json(error.status, error, transient ? { "transient-error": "true" } : {})

const internalError = { status: 500, errorCode: "000", message: "Internal error", errorType: "internal" }

interface Outcome {
  readonly reply: Reply
  /** The request was looked at, so that an idempotency key keeps the reply. */
  readonly executed: boolean
}

class Adyen implements Processor {
  readonly id = "adyen"
  readonly keyHeader = "idempotency-key"
  readonly #ledger: Ledger
  readonly #tell: Tell
  readonly #merchants = new Map<string, Merchant>()
  readonly #steps = new Map<string, Step>()
  readonly #keys = new IdempotencyStore(retentionMilliseconds)

  constructor(ledger: Ledger, tell: Tell) {
    this.#ledger = ledger
    this.#tell = tell
  }

  handle(call: Call, twist: Twist): Handled | Later<Handled> {
    if (call.path.startsWith("/pages/")) return servePage(this.#context(call, straight, null), call)
    const apiKey = checkApiKey(call)
    if (apiKey instanceof Refusal) return this.#refuse(apiKey)
    const found = findRoute(call.method, call.path)
    if (found === undefined) return this.#refuse(noEndpoint(call.method, call.path))
    const key = header(call, "idempotency-key") ?? ""
    const run = (): Outcome => this.#run(call, found.route, found.id, twist, key === "" ? null : key)
    if (key !== "") return this.#keyed(apiKey, key, twist, run)
    return after(twist, () => {
      const { reply, executed } = run()
      return { reply, processed: executed, replayed: false }
    })
  }

  rateLimited(_call: Call, retryAfter: number | undefined): Reply {
    return json(
      429,
      { status: 429, errorCode: "000", message: "Too many requests", errorType: "security" },
      { "transient-error": "true", ...(retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) }) }
    )
  }

  serverError(_call: Call): Reply {
    return json(500, internalError, { "transient-error": "true" })
  }

  reset(): void {
    this.#merchants.clear()
    this.#steps.clear()
    this.#keys.reset()
  }

  #merchant(id: string): Merchant {
    const known = this.#merchants.get(id) ?? { id, payments: new Map(), stored: new Map() }
    this.#merchants.set(id, known)
    return known
  }

  #refuse(refusal: Refusal): Handled {
    return { reply: refusalReply(refusal), processed: false, replayed: false }
  }

  // Adyen documents that the answer to the first request with a key is given again, and no comparison of the contents.
  #keyed(apiKey: string, key: string, twist: Twist, run: () => Outcome): Handled | Later<Handled> {
    if (key.length > longestKey) return this.#refuse(malformed("The idempotency key may have at most 64 characters."))
    const echo = { "idempotency-key": key }
    const state = this.#keys.begin(apiKey, key, "", now())
    if (state.is === "replay") return { reply: state.reply, processed: false, replayed: true }
    if (state.is !== "fresh") {
      return { reply: withHeaders(refusalReply(alreadyInProgress(true)), echo), processed: false, replayed: false }
    }
    return after(twist, () => {
      const { reply, executed } = run()
      const kept = withHeaders(reply, echo)
      if (executed) this.#keys.finish(apiKey, key, kept)
      else this.#keys.forget(apiKey, key)
      return { reply: kept, processed: executed, replayed: false }
    })
  }

  #context(call: Call, twist: Twist, key: string | null): Context {
    return {
      origin: call.origin,
      amountOff: twist.amountOff,
      merchant: (id) => this.#merchant(id),
      steps: this.#steps,
      money: (kind, account, entry) =>
        this.#ledger.money(kind, {
          processor: this.id,
          account,
          ...entry,
          idempotency_key: key,
          time: isoNow()
        }),
      event: (payment, item) => this.#tell(this.id, () => notificationOf(payment, item))
    }
  }

  #run(call: Call, route: Route, id: string, twist: Twist, key: string | null): Outcome {
    const body = parseBody(call.body)
    const result =
      body === undefined
        ? malformed("Unexpected input: the body is not a JSON object")
        : runRoute(route, this.#context(call, twist, key), id, body)
    if (result instanceof Refusal && !result.stored) return { reply: refusalReply(result), executed: false }
    if (twist.failAfter) return { reply: json(500, internalError), executed: true }
    return { reply: result instanceof Refusal ? refusalReply(result) : json(route.status, result), executed: true }
  }
}

/** The embedded Adyen; accepted money goes to the ledger, and what happens is told. */
export const makeAdyen = (ledger: Ledger, tell = nobody): Processor => new Adyen(ledger, tell)
