import type { Acknowledgement, Delivery, Received, Unverified } from "@connector-service/domain/Delivery"
import type { Event } from "@connector-service/domain/Event"
import {
  InvalidSignature,
  type Refusal,
  type StaleTimestamp,
  UnknownSecret,
  Unreadable
} from "@connector-service/domain/Refusal"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { enable } from "effect/schema/SchemaJITCompiler"

/** What must be asked before a delivery can be proven: described here, sent by whoever holds the network. */
export interface Question {
  readonly request: HttpClientRequest.HttpClientRequest
  /**
   * `account`: a path below the connector's base URL, with the account's authorization. `public`: an absolute https
   * address, without credentials and without following it elsewhere.
   */
  readonly as: "account" | "public"
  /** Whether the answer may be kept and given again to the same request. */
  readonly lasting: boolean
}

/** Whether a delivery is the processor's own, as far as it can be told without asking. */
export type Verification =
  | { readonly _tag: "Proven" }
  | { readonly _tag: "Refused"; readonly refusal: InvalidSignature | StaleTimestamp }
  | {
      readonly _tag: "Asking"
      readonly question: Question
      /** `answer` is the body of a reply of 200 to 299. */
      readonly answered: (answer: string) => Verification
    }

/** Proves a delivery with any of several secrets, since two are active while one replaces the other. */
export type Verify<in Secret> = (delivery: Delivery, secrets: ReadonlyArray<Secret>, now: DateTime.Utc) => Verification

/** It is the processor's own. */
export const proven: Verification = { _tag: "Proven" }
/** It is not proven to be. */
export const refused = (refusal: InvalidSignature | StaleTimestamp = new InvalidSignature()): Verification => ({
  _tag: "Refused",
  refusal
})

/** What a connector says of its processor's webhooks. */
export interface Definition<in Secret> {
  readonly acknowledgement: Acknowledgement
  readonly verify: Verify<Secret>
  /** What a proven delivery means; undefined where its frame is not what the processor documents. */
  readonly events: (delivery: Delivery) => ReadonlyArray<Event> | undefined
  /** The routing reference alone; undefined where there is none to read. */
  readonly route: (delivery: Delivery) => Omit<Unverified, "_tag"> | undefined
}

/** Kept to this module, so that nothing but `receive` and `identify` reads a delivery. */
const inside: unique symbol = Symbol("@connector-service/webhooks/Webhook")

/** A processor's webhooks, as a value. */
export interface Webhook {
  /** The form of a secret, as configuration holds it. */
  readonly secret: Schema.ConstraintDecoder<unknown>
  readonly acknowledgement: Acknowledgement
  readonly [inside]: Pick<Definition<never>, "events" | "route"> & {
    readonly verify: (
      delivery: Delivery,
      secrets: ReadonlyArray<unknown>,
      now: DateTime.Utc
    ) => Result.Result<Verification, UnknownSecret>
  }
}

/** `secret` comes before the definition so that `verify` infers it. */
export const make = <Secret>(secret: Schema.ConstraintDecoder<Secret>, definition: Definition<Secret>): Webhook => {
  enable(secret.ast)
  const decode = Schema.decodeUnknownResult(secret)
  // Decoded once for each object that holds a secret, as long as somebody keeps that.
  const known = new WeakMap<object, ReturnType<typeof decode>>()
  const decoded = (given: unknown): ReturnType<typeof decode> => {
    if (typeof given !== "object" || given === null) return decode(given)
    const found = known.get(given) ?? decode(given)
    known.set(given, found)
    return found
  }
  return {
    secret,
    acknowledgement: definition.acknowledgement,
    [inside]: {
      events: definition.events,
      route: definition.route,
      verify: (delivery, secrets, now) => {
        const all = secrets.map(decoded)
        const active = all.flatMap((one) => (Result.isSuccess(one) ? [one.success] : []))
        return active.length === 0 || active.length < all.length
          ? Result.fail(new UnknownSecret())
          : Result.succeed(definition.verify(delivery, active, now))
      }
    }
  }
}

/** A delivery that is not proven yet. */
export interface Asking {
  readonly _tag: "Asking"
  readonly question: Question
  /** `answer` is the body of a reply of 200 to 299; any other reply proves nothing either way, and is no answer. */
  readonly answered: (answer: string) => Effect.Effect<Received | Asking, Refusal>
}

const unreadable = () => new Unreadable({ description: "the delivery is not what the processor documents" })

/**
 * The only way in: a delivery is verified over its exact bytes, then its age, then it is read. `secrets` are all that are
 * active, as the webhook's `secret` encodes them; any one proves. Nothing is sent: where the processor must be asked, the
 * question is handed back (`answered` asks and goes on).
 */
export const receive = (
  webhook: Webhook,
  delivery: Delivery,
  secrets: ReadonlyArray<unknown>,
  now: DateTime.Utc
): Effect.Effect<Received | Asking, Refusal> => {
  const { events, verify } = webhook[inside]
  const onward = (verification: Verification): Effect.Effect<Received | Asking, Refusal> => {
    if (verification._tag === "Refused") return Effect.fail(verification.refusal)
    if (verification._tag === "Asking") {
      const { answered, question } = verification
      return Effect.succeed({
        _tag: "Asking",
        question,
        answered: (answer) => Effect.suspend(() => onward(answered(answer)))
      })
    }
    const read = events(delivery)
    return read === undefined
      ? Effect.fail(unreadable())
      : Effect.succeed({ _tag: "Received", events: read, acknowledgement: webhook.acknowledgement })
  }
  return Effect.suspend(() => {
    const verified = verify(delivery, secrets, now)
    return Result.isFailure(verified) ? Effect.fail(verified.failure) : onward(verified.success)
  })
}

/** Goes on until a delivery is proven or refused; `ask` sends a question and gives the body of a reply of 200 to 299. */
export const answered = <E, R>(
  reception: Received | Asking,
  ask: (question: Question) => Effect.Effect<string, E, R>
): Effect.Effect<Received, Refusal | E, R> =>
  reception._tag === "Received"
    ? Effect.succeed(reception)
    : Effect.flatMap(Effect.flatMap(ask(reception.question), reception.answered), (next) => answered(next, ask))

/** Which account a delivery claims to be for, before there is a secret to prove it with. Reads nothing else of it. */
export const identify = (webhook: Webhook, delivery: Delivery): Effect.Effect<Unverified, Unreadable> =>
  Effect.suspend(() => {
    const route = webhook[inside].route(delivery)
    return route === undefined ? Effect.fail(unreadable()) : Effect.succeed({ _tag: "Unverified", ...route })
  })
