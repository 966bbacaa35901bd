import { expired } from "@connector-service/domain/Card"
import { snake } from "@connector-service/domain/Input"
import { InvalidField, type Reason } from "@connector-service/domain/Reason"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as Redacted from "effect/Redacted"
import { address, type Call, clockSkew, type Input, timeLeft } from "./Call.ts"
import { idempotencyKey, keyFrom } from "./Key.ts"

type Request = HttpClientRequest.HttpClientRequest
type Secret = Redacted.Redacted<string>

/** What every call is held to before anything is built. */
export const check = (call: Call, input: Input, now: number): InvalidField | undefined => {
  const { millis, policy } = call.entry
  const { expiryMonth, expiryYear, _tag = "" } = input.paymentMethod ?? {}
  if (expiryYear !== undefined && expiryMonth !== undefined && expired({ expiryMonth, expiryYear }, now)) {
    return new InvalidField({
      field: `payment_method.${snake(_tag)}.expiry_year`,
      rule: "that of a card that has not expired"
    })
  }
  if (input.firstSentAt !== undefined && DateTime.toEpochMillis(input.firstSentAt) > now + clockSkew) {
    return new InvalidField({ field: "first_sent_at", rule: "in the past" })
  }
  const left = timeLeft(call, now)
  return left !== undefined && left < millis.leastTime
    ? new InvalidField({
        field: "deadline",
        rule: `at least ${Duration.format(Duration.sum(policy.leastTime, policy.answerMargin))} away`
      })
    : undefined
}

/** The key that follows from a write's reference and attempt. */
const derivedKey = ({ credentials, entry, target }: Call, { attempt = 1, paymentId, reference, returned }: Input) =>
  keyFrom(entry.keyStart(target.environment, credentials), { paymentId, reference, attempt, returned })

/** The key of what goes before a write, which follows from the caller's own key where he gave one. */
const keyBefore = ({ credentials, entry, registered: { connector }, target }: Call, input: Input): string =>
  idempotencyKey({
    connector: connector.id,
    environment: target.environment,
    account: connector.account?.(credentials) ?? "",
    flow: `${entry.name}.before`,
    paymentId: input.paymentId,
    reference: input.idempotencyKey ?? input.reference,
    attempt: input.attempt ?? 1,
    returned: input.returned
  })

/** A write with its idempotency key, or the caller's in its place. */
const withKey = (call: Call, input: Input, request: Request) => {
  const { idempotency } = call.entry
  if (idempotency === undefined) return Effect.succeed(request)
  if (input.idempotencyKey !== undefined && input.idempotencyKey.length > idempotency.maxLength) {
    return Effect.fail(
      new InvalidField({ field: "idempotency_key", rule: `at most ${idempotency.maxLength} characters` })
    )
  }
  const key = input.idempotencyKey ?? derivedKey(call, input)
  return Effect.succeed(HttpClientRequest.setHeader(request, idempotency.header, key))
}

/** A request that changes nothing at the processor, whatever its flow is for, needs no key and no settling. */
export const isRead = ({ method }: Request): boolean => method === "GET"

/** The flow's own request, complete to the last header. */
export const build = (call: Call, input: Input, before: Secret | undefined): Effect.Effect<Request, Reason> => {
  // the flow's own input and the credentials that its own schema decoded
  const built = call.entry.flow.request({ input, credentials: call.credentials, before } as never)
  return Effect.flatMapEager(built, (request) => {
    const addressed = address(call, request)
    return isRead(request) ? Effect.succeed(addressed) : withKey(call, input, addressed)
  })
}

/** The request that goes before the flow's own, where this input needs one: under a key of its own. */
export const buildBefore = (call: Call, input: Input): Request | undefined => {
  const request = call.entry.flow.before?.request({ input, credentials: call.credentials } as never)
  const { idempotency } = call.entry
  if (request === undefined || idempotency === undefined) return request && address(call, request)
  return HttpClientRequest.setHeader(address(call, request), idempotency.header, keyBefore(call, input))
}

/** The first request of a call, complete to the last header, and not sent. */
export const prepare = (call: Call, input: Input, now: number): Effect.Effect<Request, Reason> => {
  const wrong = check(call, input, now)
  if (wrong !== undefined) return Effect.fail(wrong)
  const first = buildBefore(call, input)
  return first === undefined ? build(call, input, undefined) : Effect.succeed(first)
}
