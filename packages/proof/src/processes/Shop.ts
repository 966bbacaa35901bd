import type { Payment } from "@connector-service/domain/Payment"
import type { Client } from "@connector-service/sdk/Client"
import { methods } from "../Cards.ts"
import { type ConnectorId, connectors } from "../Faults.ts"
import type { FlowName, Operation } from "../History.ts"
import { words } from "../Payer.ts"
import { Seeded } from "../Seeded.ts"
import { grain } from "./Judge.ts"
import { pause, type Run } from "./Run.ts"
import { type Write, Writer } from "./Writer.ts"

/** Clients of each server, for the same target. */
export type Clients = readonly [Client, Client]

const euro = (amount: number) => ({ minorUnits: BigInt(amount), currencyCode: "EUR" })

const whole = (amount: number): number => Math.floor(amount / grain) * grain

/** How often a client calls about one write before it lets it rest, while much goes wrong. */
const patience = 6

interface Drawn {
  readonly connector: ConnectorId
  readonly card: "good" | "declined" | "challenge"
  readonly capture: "AUTOMATIC" | "MANUAL"
  readonly payer: "approves" | "fails"
  readonly releases: boolean
  readonly takes: "all" | "part"
  readonly refunds: 0 | 1 | 2
  readonly alike: boolean
}

const drawn = (chance: Seeded): Drawn => ({
  connector: chance.one(connectors),
  card: chance.one(["good", "good", "good", "good", "challenge", "challenge", "declined"]),
  capture: chance.one(["AUTOMATIC", "MANUAL", "MANUAL"]),
  payer: chance.once(5) ? "fails" : "approves",
  releases: chance.once(3),
  takes: chance.one(["all", "part"]),
  refunds: chance.one([0, 1, 2]),
  alike: chance.once(2)
})

/** One order: a payment from the first call to the last. */
export class Shop {
  readonly #run: Run
  readonly #place: number
  readonly #chance: Seeded
  readonly #drawn: Drawn
  readonly #clients: Clients
  readonly #writers: Array<Writer>
  #payment: Payment | undefined
  #amount = 0

  /** `writers` gets the client of each of its writes. */
  constructor(run: Run, place: number, clients: Clients, writers: Array<Writer>) {
    this.#run = run
    this.#place = place
    this.#chance = new Seeded(`${run.seed} order ${place}`)
    this.#drawn = drawn(this.#chance)
    this.#writers = writers
    const of = (client: Client) => client.target({ connector: this.#drawn.connector })
    this.#clients = [of(clients[0]), of(clients[1])]
  }

  /** Goes on as long as it knows where it stands. */
  async goes(): Promise<void> {
    await this.#authorizes()
    if (this.#payment?.status === "REQUIRES_ACTION") await this.#completes()
    const status = this.#payment?.status
    if (this.#run.over) return
    const { capture, refunds, releases } = this.#drawn
    const reserved = status === "AUTHORIZED" && capture === "MANUAL"
    if (reserved && releases) return this.#releases()
    const takes = this.#drawn.takes === "part" && reserved ? whole(this.#amount * 0.7) : this.#amount
    const taken = reserved ? await this.#captures(takes) : status === "CAPTURED" || status === "AUTHORIZED"
    const part = whole(this.#amount * 0.3)
    for (let nth = 1; taken && nth <= refunds && !this.#run.over; nth++) {
      await this.#refunds(nth, this.#drawn.alike || nth === 1 ? part : part - 20 * grain)
    }
  }

  /** Each attempt of each order asks for an amount that no other one asks for. */
  #amountOf(attempt: number): number {
    return 10_000 + 1000 * this.#place + 100 * attempt
  }

  #operation(flow: FlowName, suffix: string): Operation {
    const { connector } = this.#drawn
    const reference = `${this.#run.seed}-${this.#place}${suffix}`
    return {
      name: `${connector} ${flow} ${reference}`,
      order: this.#place,
      connector,
      account: 0,
      flow,
      reference,
      fault: () => undefined,
      broke: undefined
    }
  }

  async #made(write: Write) {
    const writer = new Writer(this.#run, this.#chance, this.#clients, write)
    this.#writers.push(writer)
    const end = await writer.toItsEnd(patience)
    return end._tag === "Answered" ? end.value : undefined
  }

  async #authorizes(): Promise<void> {
    const { capture, card, connector } = this.#drawn
    const value = await this.#made({
      operation: this.#operation("authorize", ""),
      keyed: {},
      asked: (attempt) => this.#amountOf(attempt),
      send: (client, named, options) => {
        this.#amount = this.#amountOf(named.attempt)
        return client.payment.authorize(
          {
            ...named,
            amount: euro(this.#amount),
            captureMethod: capture,
            returnUrl: "https://shop.example/back",
            paymentMethod: methods[connector][named.attempt === 1 ? card : "good"]
          },
          options
        )
      }
    })
    if (value !== undefined && "final" in value) this.#payment = value
  }

  get #about() {
    const { paymentId = "", state = {} } = this.#payment ?? {}
    return { paymentId, state }
  }

  async #completes(): Promise<void> {
    const returned = await this.#pays()
    const about = this.#about
    const amount = this.#amount
    const value = await this.#made({
      operation: this.#operation("complete", "-complete"),
      keyed: { paymentId: about.paymentId, returned },
      asked: () => amount,
      send: (client, named, options) =>
        client.payment.complete({ ...named, ...about, amount: euro(amount), ...(returned && { returned }) }, options)
    })
    this.#payment = value !== undefined && "final" in value ? value : undefined
  }

  /** The payer does what is asked on the page that the payment names; gives what the browser brings back. */
  async #pays(): Promise<Readonly<Record<string, string>> | undefined> {
    const { connector, payer } = this.#drawn
    const action = this.#payment?.nextAction
    if (action?._tag !== "Redirect") return undefined
    for (let tries = 0; tries < 20; tries++) {
      const page = await fetch(action.url, {
        method: "POST",
        body: words[connector][payer],
        headers: { "content-type": "application/x-www-form-urlencoded" },
        redirect: "manual"
      }).catch(() => undefined)
      const back = page?.headers.get("location")
      if (page !== undefined)
        return typeof back === "string" ? Object.fromEntries(new URL(back).searchParams) : undefined
      await pause(200)
    }
    return undefined
  }

  /** Whether it was captured, or will be. */
  async #captures(amount: number): Promise<boolean> {
    const about = this.#about
    const value = await this.#made({
      operation: this.#operation("capture", "-capture"),
      keyed: about,
      asked: (attempt) => amount - grain * (attempt - 1),
      send: (client, named, options) =>
        client.payment.capture({ ...named, ...about, amount: euro(amount - grain * (named.attempt - 1)) }, options)
    })
    if (value === undefined || this.#payment === undefined) return false
    if ("paymentStatus" in value) this.#payment = { ...this.#payment, state: { ...about.state, ...value.state } }
    return value.status === "SUCCEEDED" || value.status === "PENDING"
  }

  async #releases(): Promise<void> {
    const about = this.#about
    await this.#made({
      operation: this.#operation("void", "-void"),
      keyed: about,
      asked: () => undefined,
      send: (client, named, options) => client.payment.void({ ...named, ...about }, options)
    })
  }

  async #refunds(nth: number, amount: number): Promise<void> {
    const about = this.#about
    await this.#made({
      operation: this.#operation("refund", `-refund-${nth}`),
      keyed: about,
      asked: (attempt) => amount - grain * (attempt - 1),
      send: (client, named, options) =>
        client.refund.create({ ...named, ...about, amount: euro(amount - grain * (named.attempt - 1)) }, options)
    })
  }
}
