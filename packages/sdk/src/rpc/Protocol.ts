import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as RpcClient from "effect/rpc/RpcClient"
import { RpcClientDefect, RpcClientError } from "effect/rpc/RpcClientError"
import type { FromServerEncoded, RequestEncoded } from "effect/rpc/RpcMessage"
import { ndjson } from "effect/rpc/RpcSerialization"
import type { Channel, Reply } from "./Channel.ts"

/** What a call's message does not say. */
export interface Around {
  readonly requestId: string
  /** How long its caller still waits, in milliseconds. */
  readonly timeLeft: () => number
  /** To be called just before the first byte is written. */
  readonly sent: () => void
}

/** The call that a fiber makes. */
export const CurrentAround = Context.Reference<Around | undefined>(
  "@connector-service/sdk/rpc/Protocol/CurrentAround",
  {
    defaultValue: () => undefined
  }
)

const failed = (message: string): RpcClientError =>
  new RpcClientError({ reason: new RpcClientDefect({ message, cause: message }) })

/** The most that the service takes for `x-timeout-ms`: 27 hours. */
const longest = 99_999_999

/** The body that carries one call and nothing else. */
const bodyOf = (request: RequestEncoded, timeLeft: number): string => {
  const millis = Math.min(Math.max(1, Math.ceil(timeLeft)), longest)
  const headers = [...request.headers, ["x-timeout-ms", String(millis)]]
  // a line of JSON is always text
  return ndjson.makeUnsafe().encode({ ...request, headers }) as string
}

const ndjsonType = /^application\/x-ndjson\s*(?:;|$)/i

/**
 * How the call ended, if that is what a reply says. It must say it of this call, and nothing else: what Effect's client is
 * told of a defect would end every other call too.
 */
const exitOf = (
  id: RequestEncoded["id"],
  { status, text, type }: Reply
): Effect.Effect<FromServerEncoded, RpcClientError> => {
  if (status !== 200) return Effect.fail(failed(`HTTP ${status}`))
  const messages = Result.try({
    // what JSON.parse throws repeats the text
    try: () => (ndjsonType.test(type) ? ndjson.makeUnsafe().decode(text) : []) as ReadonlyArray<FromServerEncoded>,
    catch: () => undefined
  })
  const [message, ...others] = Result.getOrElse(messages, () => [])
  return message?._tag === "Exit" && String(message.requestId) === String(id) && others.length === 0
    ? Effect.succeed(message)
    : Effect.fail(failed("an answer that cannot be read"))
}

/** Effect RPC over HTTP, each call by itself, on a channel that says when it is sent. */
export const protocol = (channel: Channel): Effect.Effect<RpcClient.Protocol["Service"]> =>
  RpcClient.Protocol.make((write) =>
    Effect.succeed({
      send: (clientId, message) =>
        Effect.withFiber((fiber) => {
          const around = fiber.getRef(CurrentAround)
          // a call whose caller has gone is told so by its connection
          if (message._tag !== "Request" || around === undefined) return Effect.void
          const { requestId, sent, timeLeft } = around
          const headers = { "content-type": ndjson.contentType, "x-request-id": requestId }
          return channel.exchange({ headers, body: () => bodyOf(message, timeLeft()), sent }).pipe(
            Effect.mapError(failed),
            Effect.flatMap((reply) => exitOf(message.id, reply)),
            Effect.flatMap((exit) => write(clientId, exit))
          )
        }),
      supportsAck: false,
      supportsTransferables: false,
      codecFor: ndjson.codecFor
    })
  )
