import { type Configuration, Connectors } from "@connector-service/connectors/Connectors"
import { catalog } from "@connector-service/connectors/catalog"
import { stripe } from "@connector-service/connectors/stripe/connector"
import { Timeouts } from "@connector-service/connectors/Timeouts"
import * as UndiciClient from "@connector-service/connectors/UndiciClient"
import { load } from "@connector-service/server/Config"
import { Door } from "@connector-service/server/Door"
import { Context, Effect, Layer, Schema, Scope } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"

/**
 * A way to the processor for the in-process client. `sender`: what every caller takes. `unprotected`: Stripe's authorize
 * without anything that keeps money safe. `door`: the sender behind the server's door.
 */
export type Way = "sender" | "unprotected" | "door"

/** What a way is told. */
export interface Given {
  /** Where Stripe is. */
  readonly baseUrl: string
  readonly credentials: object
  /** The idempotency key that the sender gives, so that the same bytes are sent without it. */
  readonly key: string
}

type Service = Connectors["Service"]

/** The connector's own request, its address and headers, the client, the connector's own reading of the reply. */
const unprotected = (connectors: Service, http: HttpClient.HttpClient, given: Given): Service => {
  const { auth, flows, headers = {} } = stripe
  const { authorize } = flows.payment ?? {}
  if (authorize === undefined) throw new Error("Stripe has no authorize.")
  const credentials = Schema.decodeUnknownSync(stripe.credentials)(given.credentials)
  const call = (input: Parameters<typeof authorize.request>[0]["input"]) =>
    Effect.flatMap(authorize.request({ input, credentials }), (built) => {
      const placed = HttpClientRequest.setHeaders(HttpClientRequest.prependUrl(built, given.baseUrl), headers)
      const request = HttpClientRequest.setHeader(auth(placed, credentials), "idempotency-key", given.key)
      return Effect.flatMap(http.execute(request), ({ headers, status, text }) =>
        Effect.flatMap(text, (text) => authorize.response({ status, headers, text }, { input, credentials }))
      )
    })
  // the bench asks for nothing but this one flow, and counts whatever goes wrong with it
  return { ...connectors, call: (_target, _service, _method, input) => call(input as never) as never }
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

/** The connectors by a way that is not the one every caller takes. */
export const connectorsBy = (
  way: Exclude<Way, "sender">,
  given: Given,
  configuration: Configuration
): Connectors["Service"] => {
  const layer = Layer.provideMerge(Connectors.layer(catalog, configuration), UndiciClient.layer())
  const context = Effect.runSync(Scope.provide(Layer.build(layer), Scope.makeUnsafe()))
  const connectors = Context.get(context, Connectors)
  return way === "door"
    ? behind(connectors, new Door({ ...Effect.runSync(load({}, catalog)), startsPerTurn: enough }, new Timeouts()))
    : unprotected(connectors, Context.get(context, HttpClient.HttpClient), given)
}
