import type { AnyConnector, AnyFlow, Flows } from "@connector-service/connectors/Connector"
import type { Connectors } from "@connector-service/connectors/Connectors"
import type { Conflict, Finding } from "@connector-service/connectors/Reply"
import type { Payment } from "@connector-service/domain/Payment"
import { type Reason, Rejected } from "@connector-service/domain/Reason"
import type { CallMade } from "@connector-service/proof/History"
import { Calling } from "@connector-service/proof/Network"
import { asItIs } from "@connector-service/proof/Play"
import type { Service } from "@connector-service/proof/Stage"
import { Duration, Effect, Exit, Redacted } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"

/** Every connector, changed. */
export const everywhere = (change: (connector: AnyConnector) => AnyConnector): Service => ({
  ...asItIs,
  catalog: asItIs.catalog.map(change)
})

/** Every flow of a connector, changed. */
export const flowsOf = (connector: AnyConnector, change: (flow: AnyFlow, name: string) => AnyFlow): AnyConnector => ({
  ...connector,
  // the same flows under the same names
  flows: Object.fromEntries(
    Object.entries(connector.flows).map(([service, methods]) => [
      service,
      Object.fromEntries(
        Object.entries(methods ?? {}).map(([method, flow]) => [method, change(flow as AnyFlow, `${service}.${method}`)])
      )
    ])
  ) as Flows<never>
})

/** What a flow's reply means, changed. */
export const meaning =
  (change: (value: Readonly<Record<string, unknown>>, asked: unknown) => unknown, only?: string) =>
  (connector: AnyConnector): AnyConnector =>
    flowsOf(connector, (flow, name) =>
      only !== undefined && name !== only
        ? flow
        : {
            ...flow,
            response: (reply, call) =>
              Effect.map(flow.response(reply, call), (value) =>
                // every answer of these flows is an object; every write's input may have an amount
                change(
                  value as Readonly<Record<string, unknown>>,
                  (call as { readonly input: { readonly amount?: unknown } }).input.amount
                )
              )
          }
    )

const long = Duration.days(10_000)

/** What PayPal does not promise. */
export const storedError = "REPLAYED"
/** The same, promised by a connector. */
export const promising = (connector: AnyConnector): AnyConnector => ({
  ...connector,
  ...(connector.idempotency === undefined ? {} : { idempotency: { ...connector.idempotency, storedError } })
})

/** Credentials of the first of PayPal's accounts. */
export const anyones = { clientId: "proof", clientSecret: Redacted.make("proof") }

/** Keys of a time that no processor keeps them. */
export const kept = (connector: AnyConnector): AnyConnector =>
  flowsOf(
    {
      ...connector,
      ...(connector.idempotency === undefined ? {} : { idempotency: { ...connector.idempotency, retention: long } })
    },
    (flow) =>
      flow.idempotency === undefined || typeof flow.idempotency === "string"
        ? flow
        : { ...flow, idempotency: { ...flow.idempotency, retention: long } }
  )

/** Keys under a header that nobody reads. */
export const unsent = (connector: AnyConnector): AnyConnector =>
  flowsOf(
    {
      ...connector,
      ...(connector.idempotency === undefined ? {} : { idempotency: { ...connector.idempotency, header: "x-unread" } })
    },
    (flow) =>
      flow.idempotency === undefined || typeof flow.idempotency === "string"
        ? flow
        : { ...flow, idempotency: { ...flow.idempotency, header: "x-unread" } }
  )

type Sender = Connectors["Service"]

/** A sender whose calls get their input changed. */
export const calling = (change: (input: object, draw: () => number) => object): Service => ({
  ...asItIs,
  sender: (sender, world) => ({
    ...sender,
    call: ((target, service, method, input, options) =>
      sender.call(
        target,
        service,
        method,
        change(input as object, () => world.chance.bits()) as typeof input,
        options
      )) as Sender["call"]
  })
})

/** A conflict, as a refusal. */
export const refusedAsSuch = (reason: Reason | Conflict): Reason | Conflict =>
  reason._tag === "Conflict" ? new Rejected({ httpStatus: 409, rawCode: reason.rawCode, rawMessage: "" }) : reason

/** Exchanges end with their callers. */
export const abandoning = (): Service => {
  const gone = new WeakSet<object>()
  return {
    ...asItIs,
    sender: (sender) => ({
      ...sender,
      call: ((target, service, method, input, options) =>
        Effect.onInterrupt(sender.call(target, service, method, input, options), () =>
          Effect.map(Calling, (call) => void (call && gone.add(call)))
        )) as Sender["call"]
    }),
    client: (client) =>
      HttpClient.transformResponse(client, (sending) =>
        Effect.raceFirst(
          sending,
          Effect.flatMap(Calling, (call) => {
            const wait: Effect.Effect<never> = Effect.suspend(() =>
              call !== undefined && gone.has(call)
                ? Effect.interrupt
                : Effect.flatMap(Effect.sleep("50 millis"), () => wait)
            )
            return wait
          })
        )
      )
  }
}

/** One connector, changed. */
export const onlyTo = (id: string, change: (connector: AnyConnector) => AnyConnector): Service =>
  everywhere((connector) => (connector.id === id ? change(connector) : connector))

/** What look-ups find, changed; `only` of one flow. */
export const finding =
  (change: (found: Finding<unknown>) => Finding<unknown>, only?: string) =>
  (connector: AnyConnector): AnyConnector =>
    flowsOf(connector, (flow, name) => {
      const { settle } = flow
      if (settle === undefined || (only !== undefined && name !== only)) return flow
      // what is found of a flow stays of that flow
      const response: typeof settle.response = (reply, call) =>
        Effect.map(settle.response(reply, call), (found) => change(found) as typeof found)
      return { ...flow, settle: { ...settle, response } }
    })

/** As if it were over, whatever it is. */
export const over = (found: Finding<unknown>): Finding<unknown> =>
  found._tag === "Others" && found.found._tag === "Payment"
    ? { _tag: "Others", found: { _tag: "Payment", payment: { ...found.found.payment, final: true } } }
    : found

/** As if what is asked for, and is so, were another's. */
export const anothers = (found: Finding<unknown>): Finding<unknown> =>
  // the flow is a void, whose answer is a payment
  found._tag === "Ours" ? { _tag: "Others", found: { _tag: "Payment", payment: found.value as Payment } } : found

/** A list of refunds in which all of this amount have the reference and attempt that are looked for. */
export const byAmount = (connector: AnyConnector): AnyConnector =>
  flowsOf(connector, (flow, name) => {
    const { settle } = flow
    if (settle === undefined || name !== "refund.create") return flow
    const response: typeof settle.response = (reply, call) => {
      const { amount, attempt, reference } = call.input
      const ours = (_: string, value: unknown) =>
        typeof value === "object" && value !== null && "amount" in value && value.amount === Number(amount?.minorUnits)
          ? { ...value, metadata: { reference, attempt: String(attempt) } }
          : value
      return settle.response({ ...reply, text: JSON.stringify(JSON.parse(reply.text, ours)) }, call)
    }
    return { ...flow, settle: { ...settle, response } }
  })

/** Each request has a content of its own. */
export const changing = (): Service => {
  let built = 0
  return onlyTo("adyen", (connector) =>
    flowsOf(connector, (flow) => ({
      ...flow,
      request: (call) =>
        Effect.map(flow.request(call), (request) => {
          const { body } = request
          if (body._tag !== "Uint8Array") return request
          const content = JSON.parse(new TextDecoder().decode(body.body))
          built += 1
          return HttpClientRequest.bodyJsonUnsafe(request, { ...content, shopperStatement: `no. ${built}` })
        })
    }))
  )
}

/** A client that sends some of it again by itself. */
export const sendingAgain = (
  may: (call: CallMade | undefined, status: number) => boolean,
  times: number
): Service["client"] =>
  HttpClient.transformResponse((sending) => {
    const next = (left: number): typeof sending =>
      Effect.flatMap(Effect.exit(sending), (exit) =>
        Effect.flatMap(Calling, (call) =>
          left > 0 && may(call, Exit.isSuccess(exit) ? exit.value.status : 0) ? next(left - 1) : exit
        )
      )
    return next(times)
  })

/** Requests that come again go to another region. */
export const elsewhere: Service["client"] = (client) => {
  const seen = new WeakSet<object>()
  return HttpClient.mapRequest(client, (request) => {
    if (!seen.has(request)) {
      seen.add(request)
      return request
    }
    return HttpClientRequest.setUrl(request, request.url.replace("checkout-test", "checkout-test-us"))
  })
}
