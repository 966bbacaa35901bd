import type { Delivery, Received, Unverified } from "@connector-service/domain/Delivery"
import { Overloaded, type Reason, UnreadableReply, UnsupportedFlow } from "@connector-service/domain/Reason"
import { InvalidSignature } from "@connector-service/domain/Refusal"
import * as Webhook from "@connector-service/webhooks/Webhook"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import type { Background } from "./Background.ts"
import { address, outgoing, readAnswer, readFailed } from "./Call.ts"
import { admitted, soon } from "./Protection.ts"
import type { Registered, Target } from "./Registry.ts"
import type { Reply } from "./Reply.ts"
import { type Line, type Outgoing, sendRead } from "./Sender.ts"

type Request = HttpClientRequest.HttpClientRequest

/** Whose secrets prove a delivery, and whose credentials ask the processor about it. */
export interface Proof {
  /** All that are active, as the connector's webhook encodes them. One that names an `environment` counts there only. */
  readonly secrets: Effect.Effect<ReadonlyArray<unknown>, Reason>
  /** The account's credentials; had only where the processor is to be asked in the account's name. */
  readonly credentials: Effect.Effect<unknown, Reason>
}

/** The most answers that are kept; past it the one that was of no use for longest is forgotten. */
const mostKept = 100
/** The most public addresses that are asked at once: who names them may be a forger. */
const mostAsked = 4

/** Answers that may be given again, by the address that was asked: one question for many waiters. */
class Answers {
  readonly #kept = new Map<string, string>()
  readonly #asking = new Map<string, Fiber.Fiber<string, Reason>>()
  readonly #background: Background

  constructor(background: Background) {
    this.#background = background
  }

  get(address: string, ask: Effect.Effect<string, Reason>): Effect.Effect<string, Reason> {
    return Effect.suspend(() => {
      const kept = this.#kept.get(address)
      if (kept !== undefined) return Effect.succeed(kept)
      const asking = this.#asking.get(address)
      if (asking !== undefined) return Fiber.join(asking)
      if (this.#asking.size >= mostAsked) return Effect.fail(new Overloaded({ retryAfter: soon }))
      const asked = Effect.onExit(ask, () => Effect.sync(() => this.#asking.delete(address)))
      return Effect.flatMap(this.#background.run(asked), (fiber) => {
        if (fiber.pollUnsafe() === undefined) this.#asking.set(address, fiber)
        return Fiber.join(fiber)
      })
    })
  }

  /** Keeps what was of use, as the latest that was. */
  keep(address: string, answer: string): void {
    this.#kept.delete(address)
    this.#kept.set(address, answer)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest)
  }
}

/** Whether a secret is for the environment; one that names none is for both. */
const isFor =
  (environment: Target["environment"]) =>
  (secret: unknown): boolean =>
    typeof secret !== "object" || secret === null || !("environment" in secret) || secret.environment === environment

const webhookOf = ({ connector, entries }: Registered): Effect.Effect<Webhook.Webhook, UnsupportedFlow> =>
  connector.webhook === undefined
    ? Effect.fail(new UnsupportedFlow({ supported: [...entries.keys()] }))
    : Effect.succeed(connector.webhook)

/** What is nowhere to be found proves nothing; any other refusal says nothing of the delivery. */
const notPublic = ({ status }: Reply): Effect.Effect<never, Reason> =>
  Effect.fail(
    status === 404 || status === 410
      ? new InvalidSignature()
      : new UnreadableReply({ httpStatus: status, description: `HTTP ${status}` })
  )

const late = () => Effect.fail(new UnreadableReply({ httpStatus: 0, description: "no answer before the deadline" }))

const text = (reply: Reply): Effect.Effect<string> => Effect.succeed(reply.text)

/** Taking in processors' webhooks, and asking the processor what proves them. */
export const makeReceiving = (line: Line) => {
  const answers = new Answers(line.background)

  const textOf = (asking: Outgoing): Effect.Effect<string, Reason> =>
    Effect.matchEffect(sendRead(line, asking), {
      onFailure: (setback) => Effect.fail(readFailed(setback)),
      // what `text` gave
      onSuccess: (answer) => readAnswer(answer) as Effect.Effect<string, Reason>
    })

  const askAsAccount = (
    registered: Registered,
    { connector, environment }: Omit<Target, "credentials">,
    credentials: Proof["credentials"],
    request: Request
  ): Effect.Effect<string, Reason> =>
    Effect.flatMap(credentials, (given): Effect.Effect<string, Reason> => {
      const decoded = registered.credentials(given, environment)
      if (Result.isFailure(decoded)) return Effect.fail(decoded.failure)
      const account = registered.account(environment, given)
      const target = { connector, environment, credentials: given }
      const caller = { target, registered, credentials: decoded.success, account }
      return admitted(
        caller,
        Effect.suspend(() => textOf(outgoing(line, caller, address(caller, request), "read", registered.lookUp, text)))
      )
    })

  /** Apart from the guards of the accounts' calls, which a forger would otherwise use up. */
  const askPublic = (registered: Registered, request: Request): Effect.Effect<string, Reason> =>
    textOf({ registered, entry: registered.lookUp, guard: {}, request, read: text, rejection: notPublic })

  const receive = Effect.fnUntraced(function* (
    registered: Registered,
    target: Omit<Target, "credentials">,
    delivery: Delivery,
    { credentials, secrets }: Proof,
    deadline: number | undefined
  ): Effect.fn.Return<Received, Reason> {
    const webhook = yield* webhookOf(registered)
    const learned = new Map<string, string>()

    const ask = ({ as, lasting, request }: Webhook.Question): Effect.Effect<string, Reason> => {
      if (as === "account") return askAsAccount(registered, target, credentials, request)
      const asked = askPublic(registered, request)
      if (!lasting) return asked
      const { url } = request
      return Effect.tap(answers.get(url, asked), (answer) => Effect.sync(() => learned.set(url, answer)))
    }
    const inTime = (question: Webhook.Question): Effect.Effect<string, Reason> =>
      deadline === undefined
        ? ask(question)
        : Effect.flatMap(Clock.currentTimeMillis, (now) => {
            const left = deadline - now - Duration.toMillis(registered.lookUp.policy.answerMargin)
            return Effect.timeoutOrElse(ask(question), { duration: Math.max(0, left), orElse: late })
          })

    const active = (yield* secrets).filter(isFor(target.environment))
    const now = yield* DateTime.now
    const reception = yield* Webhook.receive(webhook, delivery, active, now)
    const received = yield* Webhook.answered(reception, inTime)
    // only what has proven a delivery is worth keeping, and no forger can fill the place
    for (const [address, answer] of learned) answers.keep(address, answer)
    return received
  })

  const identify = (registered: Registered, delivery: Delivery): Effect.Effect<Unverified, Reason> =>
    Effect.flatMap(webhookOf(registered), (webhook) => Webhook.identify(webhook, delivery))

  return { identify, receive }
}
