import { address } from "@connector-service/connectors/Call"
import { type Configuration, Connectors, unseen } from "@connector-service/connectors/Connectors"
import { catalog } from "@connector-service/connectors/catalog"
import { makeFront } from "@connector-service/connectors/Front"
import { rates } from "@connector-service/connectors/Protection"
import { makeRegistry } from "@connector-service/connectors/Registry"
import { Timeouts } from "@connector-service/connectors/Timeouts"
import * as UndiciClient from "@connector-service/connectors/UndiciClient"
import type { Reason } from "@connector-service/domain/Reason"
import { load } from "@connector-service/server/Config"
import { Door } from "@connector-service/server/Door"
import { Context, Effect, Layer, Scope } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"

/**
 * A way to the processor for the in-process client. `sender`: the one that every caller takes. `unprotected`: the same
 * without what keeps money safe: keys, policies, settling, protection, and reading to its end what a caller left. `door`:
 * the sender behind the server's door.
 */
export type Way = "sender" | "unprotected" | "door"

type Service = Connectors["Service"]

/**
 * What every call goes through, and then the connector's own request with its address, headers and authorization, the
 * client, and the connector's own reading of the reply.
 */
const unprotected = (http: HttpClient.HttpClient, key: string, configuration: Configuration): Service => {
  const none = Effect.die(new Error("The bench asks for nothing but calls."))
  const registry = Effect.runSync(Effect.provide(makeRegistry(catalog, configuration), rates))
  const quiet = unseen(http)
  return makeFront(registry, configuration.callLimit, {
    enter: () => undefined,
    leave: () => {},
    call: (call, input) => {
      const { credentials, entry } = call
      // the flow's own input and credentials, which its types have forgotten
      const given = { input, credentials } as never
      return Effect.flatMapEager(entry.flow.request(given), (built) => {
        const request = HttpClientRequest.setHeader(address(call, built), "idempotency-key", key)
        return Effect.flatMap(quiet.execute(request), ({ headers, status, text }) =>
          Effect.flatMapEager(text, (text) => entry.flow.response({ status, headers, text }, given))
        ) as Effect.Effect<unknown, Reason>
      })
    },
    settle: () => none,
    identify: () => none,
    receive: () => none,
    stop: Effect.void
  })
}

/** Calls that may begin at once, so that none waits: what a wait costs is not what a call costs that comes in. */
const enough = 1000

/** As the server does: a look at the gate, then through the door. */
const behind = (connectors: Service, door: Door): Service => ({
  ...connectors,
  call: (target, service, method, input, options) =>
    Effect.suspend(() => {
      const refused = door.refusal(Date.now(), options?.deadline)
      const call = connectors.call(target, service, method, input, options)
      // a refusal is counted as a wrong answer, whatever it says
      return refused === undefined ? door.through(call, options?.deadline) : Effect.fail(refused)
    }) as never
})

/**
 * The connectors by a way, all made alike. `key` is the idempotency key that the sender gives, so
 * that the same bytes are sent without it.
 */
export const connectorsBy = (way: Way, key: string, configuration: Configuration): Connectors["Service"] => {
  const layer = Layer.provideMerge(Connectors.layer(catalog, configuration), UndiciClient.layer())
  const context = Effect.runSync(Scope.provide(Layer.build(layer), Scope.makeUnsafe()))
  const connectors = Context.get(context, Connectors)
  switch (way) {
    case "sender":
      return connectors
    case "unprotected":
      return unprotected(Context.get(context, HttpClient.HttpClient), key, configuration)
    case "door":
      return behind(
        connectors,
        new Door({ ...Effect.runSync(load({}, catalog)), startsPerTurn: enough }, new Timeouts())
      )
  }
}
