import type { Delivery, Received, Unverified } from "@connector-service/domain/Delivery"
import { Event } from "@connector-service/domain/Event"
import { Seeded } from "@connector-service/proof/Seeded"
import { answered, identify, receive } from "@connector-service/webhooks/Webhook"
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { type ConnectorId, type Genuine, now } from "./Deliver.ts"
import { changeDelivery } from "./DeliveryChanges.ts"
import { genuine } from "./Genuine.ts"
import { type Receiver, type Receivers, receivers } from "./Receivers.ts"
import { isObject, itemsOf, parse, resigned, signedOf } from "./Signing.ts"
import { changeText } from "./TextChanges.ts"

/** How a delivery was made: as the processor sends it, changed on its way, or changed by the processor itself. */
export type Making = "as sent" | "changed" | "signed anew"

/** What was delivered. */
export interface Drawn {
  readonly making: Making
  readonly sample: Genuine
  readonly receiver: Receiver
  readonly delivery: Delivery
  /** For what else is left to chance. */
  readonly chance: Seeded
}

const samples = genuine()
const [first] = samples

/** How many deliveries there are to begin with. */
export const begun = samples.length

const many = (chance: Seeded) => (chance.once(3) ? chance.whole(2, 6) : 1)

const making = (chance: Seeded): Making => (chance.once(50) ? "as sent" : chance.once(2) ? "changed" : "signed anew")

/** The delivery of a seed. */
export const draw = (seed: string, by: Receivers = receivers): Drawn => {
  const chance = new Seeded(seed)
  const sampleOf = () => samples[chance.whole(0, samples.length - 1)] ?? first
  const sample = sampleOf()
  if (sample === undefined) return draw(`${seed}+`, by)
  const receiver = chance.one(by[sample.connector])
  const made = making(chance)
  let { delivery } = sample
  if (made === "changed") {
    const alike = samples.filter(({ connector }) => connector === sample.connector)
    for (let left = many(chance); left > 0; left -= 1) {
      delivery = changeDelivery(chance, delivery, alike[chance.whole(0, alike.length - 1)]?.delivery ?? delivery)
    }
  }
  if (made === "signed anew") {
    let text = Buffer.from(delivery.body).toString()
    for (let left = many(chance); left > 0; left -= 1) text = changeText(chance, text)
    delivery = resigned(sample.connector, text)
  }
  return { making: made, sample, receiver, delivery, chance }
}

const at = DateTime.makeUnsafe(now)

const isEvent = Schema.is(Event)
const values = (name: string, { headers }: Delivery) =>
  headers.flatMap(([given, value]) => (given.toLowerCase() === name ? [value] : []))
const sameBody = (one: Delivery, other: Delivery) => Buffer.from(one.body).equals(Buffer.from(other.body))
const times = (delivery: Delivery) =>
  values("stripe-signature", delivery).flatMap((value) => value.match(/(?<=^|,)\s*t=\s*\d+/g) ?? [])

const adyenSigned = new Set(
  samples.flatMap(({ connector, delivery }) =>
    connector === "adyen" ? itemsOf(parse(Buffer.from(delivery.body).toString())).map((item) => signedOf(item)) : []
  )
)

/**
 * Whether what a processor signs is as one delivery of its own had it: Stripe and PayPal sign the body, and when they sent
 * it; Adyen some fields of each item, or a body that is no batch.
 */
const isAsSigned: Readonly<Record<ConnectorId, (delivery: Delivery) => boolean>> = {
  stripe: (delivery) =>
    samples.some(
      ({ connector, delivery: sent }) =>
        connector === "stripe" &&
        sameBody(sent, delivery) &&
        times(delivery).every((time) => time.trim() === times(sent)[0])
    ),
  adyen: (delivery) => {
    const items = itemsOf(parse(Buffer.from(delivery.body).toString()))
    return items.length > 0
      ? items.every((item) => adyenSigned.has(signedOf(item)))
      : samples.some(({ delivery: sent }) => sameBody(sent, delivery))
  },
  paypal: (delivery) =>
    samples.some(
      ({ connector, delivery: sent }) =>
        connector === "paypal" &&
        sameBody(sent, delivery) &&
        ["paypal-transmission-id", "paypal-transmission-time"].every(
          (name) => values(name, sent)[0] === values(name, delivery)[0]
        )
    )
}

/** Whether what the processor signed anew may come to this. */
const mayCome = ({ delivery, sample }: Drawn, tag: string): boolean => {
  if (tag === "Received" || tag === "Unreadable") return true
  const text = Buffer.from(delivery.body).toString()
  const body = parse(text)
  // Adyen's items are refused where their fields could be read otherwise than they were signed; PayPal can only be asked
  // about an object, and not about what stands around it.
  const isRefused: Readonly<Record<ConnectorId, boolean>> = {
    stripe: false,
    adyen: text === "" || itemsOf(body).length > 0,
    paypal: !isObject(body) || text !== text.trim()
  }
  return tag === "InvalidSignature" && isRefused[sample.connector]
}

/** What is wrong with events that were read. */
const wrongEvents = ({ acknowledgement, events }: Received): string | undefined => {
  if (events.length === 0) return "received without an event"
  if (acknowledgement.status !== 200) return "acknowledged otherwise than the processor wants"
  for (const event of events) {
    // its type says that it is one
    if (!isEvent(event)) return "an event that is none"
    if (event._tag === "Other" && parse(event.raw) === undefined) return "an unknown event whose text is no JSON"
  }
  return undefined
}

const wrongRoute = ({ account, objectIds }: Unverified): string | undefined =>
  (account === undefined || typeof account === "string") && objectIds.every((id) => typeof id === "string")
    ? undefined
    : "a route that is no text"

/** The most that one delivery may take of a processor, in milliseconds: what a million bytes take, several times over. */
const longest = 500

const timed = <A>(run: () => A): readonly [A, number] => {
  // of the thread alone: however busy the machine is, a delivery takes as much of it
  const start = process.threadCpuUsage()
  const result = run()
  const { system, user } = process.threadCpuUsage(start)
  return [result, (system + user) / 1000]
}

/** What came of a delivery: a tag, and what is wrong about that. */
export interface Judged {
  readonly tag: string
  readonly defect: string | undefined
}

const broken = (what: string, cause: Cause.Cause<unknown>): Judged => ({
  tag: "defect",
  defect: `${what}: ${Cause.pretty(cause).split("\n").slice(0, 3).join(" ")}`
})

const received = ({ chance, delivery, making, receiver }: Drawn) =>
  Effect.runSyncExit(
    receive(receiver.webhook, delivery, receiver.secrets, at).pipe(
      Effect.flatMap((reception) =>
        answered(reception, (question) =>
          Effect.sync(() => receiver.answer(question, making === "changed" ? chance : undefined))
        )
      ),
      Effect.result
    )
  )

const judgeReceived = (drawn: Drawn): Judged => {
  const { delivery, making, sample } = drawn
  const exit = received(drawn)
  if (Exit.isFailure(exit)) return broken("receive", exit.cause)
  const { value } = exit
  const tag = value._tag === "Success" ? value.success._tag : value.failure._tag
  const said = (defect: string | undefined): Judged => ({ tag, defect })
  if (making === "as sent" && tag !== "Received") return said(`what was sent was refused: ${tag}`)
  if (making === "signed anew" && !mayCome(drawn, tag)) return said(`what was signed was refused: ${tag}`)
  if (value._tag === "Failure") return said(undefined)
  if (making === "changed" && !isAsSigned[sample.connector](delivery)) return said("taken for genuine, though changed")
  return said(wrongEvents(value.success))
}

const judgeIdentified = ({ delivery, receiver }: Drawn): string | undefined => {
  const exit = Effect.runSyncExit(Effect.result(identify(receiver.webhook, delivery)))
  if (Exit.isFailure(exit)) return broken("identify", exit.cause).defect
  return exit.value._tag === "Success" ? wrongRoute(exit.value.success) : undefined
}

/** Delivers what was drawn, and says what is wrong with what came of it. */
export const judge = (drawn: Drawn, limit = longest): Judged => {
  const run = () => ({ judged: judgeReceived(drawn), identified: judgeIdentified(drawn) })
  const [{ identified, judged }, took] = timed(run)
  const defect = judged.defect ?? identified
  // what was not the delivery's own doing, such as a collection of garbage, does not happen each time
  const slow = took > limit && Math.min(...Array.from({ length: 3 }, () => timed(run)[1])) > limit
  return { ...judged, defect: defect ?? (slow ? `took ${Math.round(took)} ms of a processor` : undefined) }
}

/** A delivery, to be looked at. */
export const shown = ({ delivery, making, sample }: Drawn): string =>
  [
    `${sample.connector} ${sample.type}, ${making}`,
    `${delivery.method} ${delivery.url}`,
    ...delivery.headers.map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    Buffer.from(delivery.body).toString().slice(0, 4000)
  ].join("\n")
