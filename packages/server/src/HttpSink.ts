import { ConnectTimeout } from "@connector-service/connectors/Timeouts"
import { hmac } from "@connector-service/webhooks/Signature"
import { Clock, Duration, Effect, Layer, Redacted, Schedule } from "effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { cloudEvent, contentType, messageId } from "./CloudEvent.ts"
import { NotSafe, Sink, type Told } from "./Sink.ts"

/** Where and how events are posted. */
export interface HttpSinkOptions {
  readonly url: string
  /** Each signs: the receiver needs to know one of them. */
  readonly secrets: ReadonlyArray<Redacted.Redacted<string>>
}

/** How events are posted. Whoever waits for an event bounds all its attempts together. */
export interface PostPolicy {
  readonly connectTimeout: Duration.Duration
  /** How long one attempt may take, to the head of its answer. */
  readonly timeout: Duration.Duration
  /** How long the end of an answer is waited for, which says nothing more; then its connection is closed. */
  readonly bodyTimeout: Duration.Duration
  /** The waits between attempts. */
  readonly retry: Schedule.Schedule<unknown>
}

/** Several attempts fit into the shortest time that a processor waits. */
export const defaults: PostPolicy = {
  connectTimeout: Duration.seconds(1),
  timeout: Duration.seconds(4),
  bodyTimeout: Duration.seconds(1),
  retry: Schedule.exponential("250 millis").pipe(
    Schedule.modifyDelay(({ duration }) => Effect.succeed(Duration.min(duration, Duration.seconds(2)))),
    Schedule.jittered
  )
}

/** A secret's key, by the form that Standard Webhooks gives it: `whsec_` and base64. */
const keyOf = (secret: Redacted.Redacted<string>): Uint8Array =>
  Buffer.from(Redacted.value(secret).slice("whsec_".length), "base64")

/** The headers of an attempt (github.com/standard-webhooks/standard-webhooks, spec, "Webhook headers"). */
const signed = (
  keys: ReadonlyArray<Uint8Array>,
  id: string,
  body: Uint8Array,
  now: number
): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(now / 1000))
  const signature = (key: Uint8Array) =>
    `v1,${hmac({ algorithm: "sha256", encoding: "base64" }, key, `${id}.${timestamp}.`, body)}`
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": keys.map(signature).join(" ")
  }
}

const answeredWith = (status: number) => new NotSafe({ description: `the receiver answered ${status}` })
const noAnswer = () => new NotSafe({ description: "the receiver did not answer" })

/** Posts each event, until the receiver answers with a 2xx. */
export const httpSink = (
  { secrets, url }: HttpSinkOptions,
  { bodyTimeout, connectTimeout, retry, timeout }: PostPolicy = defaults
): Layer.Layer<Sink, never, HttpClient.HttpClient> =>
  Layer.effect(
    Sink,
    Effect.gen(function* () {
      const http = yield* HttpClient.HttpClient
      const keys = secrets.map(keyOf)
      const post = (id: string, body: Uint8Array) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) =>
          http.execute(
            HttpClientRequest.post(url, {
              headers: signed(keys, id, body, now),
              body: HttpBody.uint8Array(body, contentType)
            })
          )
        ).pipe(
          Effect.mapError(noAnswer),
          Effect.timeoutOrElse({ duration: timeout, orElse: () => Effect.fail(noAnswer()) }),
          Effect.tap(({ text }) => Effect.ignore(Effect.timeout(text, bodyTimeout))),
          Effect.flatMap(({ status }) =>
            status >= 200 && status < 300 ? Effect.void : Effect.fail(answeredWith(status))
          ),
          // whoever interrupts the attempts would otherwise never hear why there were several
          Effect.tapError(({ description }) => Effect.logInfo(`An event was not taken: ${description}`)),
          Effect.provideService(ConnectTimeout, Duration.toMillis(connectTimeout))
        )
      return {
        take: (told: Told) =>
          Effect.suspend(() => {
            const id = messageId(told)
            const body = Buffer.from(cloudEvent(told))
            return Effect.retry(post(id, body), retry)
          })
      }
    })
  )
