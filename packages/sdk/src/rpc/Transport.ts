import type { ConnectorError } from "@connector-service/domain/Reason"
import { rpcs } from "@connector-service/domain/Rpcs"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { fromInput } from "effect/http/Headers"
import * as Result from "effect/Result"
import * as RpcClient from "effect/rpc/RpcClient"
import { RpcClientError } from "effect/rpc/RpcClientError"
import type * as Scope from "effect/Scope"
import { type Headers, headersOf } from "../Headers.ts"
import { InFlight } from "../InFlight.ts"
import type { Outgoing, Transport, Unanswered } from "../Transport.ts"
import type { Address } from "./Address.ts"
import { open } from "./Channel.ts"
import { CurrentAround, protocol } from "./Protocol.ts"

/** The group's client with the types of its methods forgotten: each meets only what its row's schema gave. */
type Call = (flow: string, request: unknown) => Effect.Effect<unknown, ConnectorError | RpcClientError>

/** As the message carries them: bytes are base64. */
const fields = ({ bytes, texts }: Headers): Readonly<Record<string, string>> => ({
  ...texts,
  ...Object.fromEntries(bytes.map(([name, json]) => [name, json.toString("base64")]))
})

/** What is known of a failure: the service's own word, or in a few words why there is none. */
const wordOf = (cause: Cause.Cause<ConnectorError | RpcClientError>): ConnectorError | string => {
  const [reason, ...others] = cause.reasons
  if (reason === undefined || others.length > 0 || !Cause.isFailReason(reason)) {
    return "a defect, or an answer that cannot be read"
  }
  return reason.error instanceof RpcClientError ? reason.error.reason.message : reason.error
}

const exchange = (call: Call, outgoing: Outgoing): Effect.Effect<unknown, Unanswered> =>
  Effect.flatMap(Clock.Clock, (clock) => {
    const headers = headersOf(outgoing)
    if (Result.isFailure(headers)) return Effect.fail(headers.failure)
    const timeLeft = () => outgoing.deadline - clock.currentTimeMillisUnsafe()
    const limit = timeLeft()
    let written = false
    const unanswered = (why: string): Unanswered =>
      written ? { _tag: "Broken", description: why } : { _tag: "NotSent", why }
    if (limit <= 0) return Effect.fail(unanswered("its time limit passed"))
    const sent = () => {
      written = true
      outgoing.sent()
    }
    return call(outgoing.flow.name, outgoing.request).pipe(
      Effect.provideService(CurrentAround, { requestId: outgoing.requestId, timeLeft, sent }),
      // in place of what the caller's own use of RpcClient has put there
      Effect.provideService(RpcClient.CurrentHeaders, fromInput(fields(headers.success))),
      Effect.catchCause((cause) => {
        const word = wordOf(cause)
        return Effect.fail<Unanswered>(
          typeof word === "string" ? unanswered(word) : { _tag: "Told", reason: word.reason }
        )
      }),
      Effect.timeoutOrElse({
        duration: limit,
        orElse: () => Effect.fail(unanswered(written ? "no answer in time" : "no connection in time"))
      })
    )
  })

/** Calls over Effect RPC to the service at `address`, as long as the scope lasts. */
export const transport = (address: Address): Effect.Effect<Transport, never, Scope.Scope> => {
  const channel = open(address)
  const inFlight = new InFlight()
  const made = RpcClient.make(rpcs, { flatten: true, disableTracing: true })
  return Effect.provideServiceEffect(made, RpcClient.Protocol, protocol(channel)).pipe(
    Effect.tap(Effect.addFinalizer(() => Effect.andThen(inFlight.close, channel.close))),
    Effect.map((client) => {
      // the group is made from the table of flows, as the flows are
      const call = client as unknown as Call
      return { exchange: (outgoing) => inFlight.run(exchange(call, outgoing)) }
    })
  )
}
