import { courier as adyen } from "./adyen/Webhooks.ts"
import { FaultPlan } from "./Faults.ts"
import type { Courier, Happened, Tell, Transmission } from "./Happened.ts"
import { courier as paypal } from "./paypal/Webhooks.ts"
import { randomUuid } from "./Random.ts"
import { courier as stripe } from "./stripe/Webhooks.ts"

/** How each processor delivers its webhooks. */
export const couriers: ReadonlyMap<string, Courier> = new Map(Object.entries({ stripe, adyen, paypal }))

/** Where a processor's webhooks go. */
export interface Endpoint {
  readonly processor: string
  readonly url: string
  /** What they are signed with; for PayPal, the webhook's id. */
  readonly secret: string
  /** By what the processor's own waits are multiplied before it tries again. */
  readonly time_scale: number
}

/** An endpoint, with what its receiver has to be told: for PayPal, the chain of certificates and who vouches for it. */
export type KnownEndpoint = Endpoint & { readonly certificates?: string; readonly authority?: string }

/** One event at one endpoint. */
export interface DeliveryView {
  readonly id: string
  readonly processor: string
  readonly type: string
  readonly url: string
  readonly tries: number
  /** The status of the latest try; null where no answer came, or before the first one. */
  readonly status: number | null
  readonly acknowledged: boolean
  /** When it is tried again, in ISO 8601; null where it is not. */
  readonly next_try: string | null
}

interface Delivery {
  readonly happened: Happened
  readonly at: Line
  readonly id: string
  first: number | undefined
  tries: number
  status: number | null
  acknowledged: boolean
  next: { readonly at: number; readonly timer: NodeJS.Timeout } | undefined
}

/** An endpoint, with what waits to be sent to it: first tries go out one after the other, in their order. */
interface Line {
  readonly endpoint: Endpoint
  readonly courier: Courier
  readonly held: Array<Delivery>
  tail: Promise<void>
}

// As long as Adyen waits (docs.adyen.com/development-resources/webhooks); the others do not say.
const patience = 10_000

const kept = 10_000

/** The webhooks of all processors: where they go, and what became of them. */
export class Deliveries {
  readonly #faults = new FaultPlan()
  readonly #closing = new AbortController()
  #lines: Array<Line> = []
  readonly #deliveries = new Set<Delivery>()

  /** Faults of deliveries, which meet an event by `/<processor>/<type>`. */
  get faults(): FaultPlan {
    return this.#faults
  }

  add(endpoint: Endpoint, courier: Courier): void {
    this.#lines.push({ endpoint, courier, held: [], tail: Promise.resolve() })
  }

  /** The endpoints, each with what its receiver has to be told. */
  endpoints(): ReadonlyArray<KnownEndpoint> {
    return this.#lines.map(({ courier, endpoint }) => ({ ...endpoint, ...courier.published?.() }))
  }

  clear(): void {
    this.#lines = []
    this.reset()
  }

  /** Forgets what was delivered and what waits; endpoints stay. */
  reset(): void {
    for (const { next } of this.#deliveries) clearTimeout(next?.timer)
    this.#deliveries.clear()
    this.#faults.clear()
    for (const line of this.#lines) line.held.length = 0
  }

  close(): void {
    this.clear()
    this.#closing.abort()
  }

  readonly tell: Tell = (processor, make) => {
    const lines = this.#lines.filter(({ endpoint }) => endpoint.processor === processor)
    if (lines.length === 0) return
    const happened = make()
    for (const line of lines) this.#begin(line, happened)
  }

  list(): ReadonlyArray<DeliveryView> {
    return Array.from(this.#deliveries, ({ acknowledged, at, happened, next, status, tries }) => ({
      id: happened.id,
      processor: at.endpoint.processor,
      type: happened.type,
      url: at.endpoint.url,
      tries,
      status,
      acknowledged,
      next_try: next === undefined ? null : new Date(next.at).toISOString()
    }))
  }

  /** Sends an event again, to each endpoint that it went to; false where there is no such event. */
  again(id: string): boolean {
    const found = [...this.#deliveries].filter(({ happened }) => happened.id === id)
    for (const delivery of found) this.#queue(delivery)
    return found.length > 0
  }

  #begin(at: Line, happened: Happened): void {
    const delivery: Delivery = {
      happened,
      at,
      id: randomUuid(),
      first: undefined,
      tries: 0,
      status: null,
      acknowledged: false,
      next: undefined
    }
    this.#deliveries.add(delivery)
    // a set is in the order of its additions
    for (const oldest of this.#deliveries) {
      if (this.#deliveries.size <= kept) break
      this.#deliveries.delete(oldest)
    }
    const fault = this.#faults.take("POST", `/${at.endpoint.processor}/${happened.type}`)
    if (fault?.kind === "delivery_late") this.#wait(delivery, fault.milliseconds ?? 1)
    else if (fault?.kind === "delivery_swapped") at.held.push(delivery)
    else
      for (const next of [delivery, ...(fault === undefined ? [] : [delivery]), ...at.held.splice(0)]) this.#queue(next)
  }

  #queue(delivery: Delivery): void {
    const { at } = delivery
    at.tail = at.tail.then(() => this.#try(delivery))
  }

  #wait(delivery: Delivery, milliseconds: number): void {
    clearTimeout(delivery.next?.timer)
    const timer = setTimeout(() => void this.#try(delivery), milliseconds)
    timer.unref()
    delivery.next = { at: Date.now() + milliseconds, timer }
  }

  async #try(delivery: Delivery): Promise<void> {
    const { at, happened, id } = delivery
    if (!this.#deliveries.has(delivery)) return
    clearTimeout(delivery.next?.timer)
    delivery.next = undefined
    const now = Date.now()
    delivery.first ??= now
    const status = await this.#send(at, happened, { id, first: delivery.first, now })
    delivery.tries += 1
    delivery.status = status
    delivery.acknowledged ||= status !== null && status >= 200 && status < 300
    const wait = at.courier.waits[delivery.tries - 1]
    if (delivery.acknowledged || wait === undefined || !this.#deliveries.has(delivery)) return
    this.#wait(delivery, wait * at.endpoint.time_scale)
  }

  /** The status of the answer; null where none came. */
  #send({ courier, endpoint }: Line, happened: Happened, transmission: Transmission): Promise<number | null> {
    const { secret, url } = endpoint
    const body = happened.body(secret)
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(patience)])
    const headers = courier.headers(secret, body, transmission)
    return fetch(url, { method: "POST", redirect: "manual", headers, body, signal }).then(
      (response) =>
        response.arrayBuffer().then(
          () => response.status,
          () => null
        ),
      () => null
    )
  }
}

const fieldsOf = (input: unknown): ReadonlyMap<string, unknown> | undefined =>
  typeof input === "object" && input !== null && !Array.isArray(input) ? new Map(Object.entries(input)) : undefined

const known = ["processor", "url", "secret", "time_scale"]

/** Reads one endpoint from JSON; a sentence saying what is wrong when it cannot. */
export const readEndpoint = (input: unknown): (Endpoint & { readonly courier: Courier }) | string => {
  const fields = fieldsOf(input)
  if (fields === undefined) return "An endpoint must be a JSON object."
  const unknown = [...fields.keys()].find((name) => !known.includes(name))
  if (unknown !== undefined) return `An endpoint takes no "${unknown}".`
  const processor = String(fields.get("processor") ?? "")
  const courier = couriers.get(processor)
  if (courier === undefined) return `An endpoint needs a "processor", one of: ${[...couriers.keys()].join(", ")}.`
  const url = fields.get("url")
  if (typeof url !== "string" || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    return `An endpoint needs a "url" that begins with http:// or https://.`
  }
  const secret = fields.get("secret") ?? courier.secret
  if (typeof secret !== "string" || !courier.form.test(secret)) {
    return `The "secret" of an endpoint of ${processor} must be ${courier.says}.`
  }
  const scale = fields.get("time_scale") ?? 1
  if (typeof scale !== "number" || !(scale >= 0 && scale <= 1)) return `"time_scale" must be a number from 0 to 1.`
  return { processor, url, secret, time_scale: scale, courier }
}
