import type { AnyConnector, AnyFlow, Flows } from "@connector-service/connectors/Connector"
import type { Connectors } from "@connector-service/connectors/Connectors"
import type { Conflict, Finding, Reply } from "@connector-service/connectors/Reply"
import type { Payment } from "@connector-service/domain/Payment"
import { type Reason, Rejected } from "@connector-service/domain/Reason"
import type { CallMade } from "@connector-service/proof/History"
import { Calling } from "@connector-service/proof/Network"
import { asItIs } from "@connector-service/proof/Play"
import type { Service } from "@connector-service/proof/Stage"
import { Duration, Effect, Exit, Redacted } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"

/** A money rule switched off, and the invariant that must then be broken. */
export interface Off {
  readonly rule: string
  readonly invariant: number
  readonly service: Service
}

const everywhere = (change: (connector: AnyConnector) => AnyConnector): Service => ({
  ...asItIs,
  catalog: asItIs.catalog.map(change)
})

/** Every flow of a connector, changed. */
const flowsOf = (connector: AnyConnector, change: (flow: AnyFlow, name: string) => AnyFlow): AnyConnector => ({
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
const meaning =
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
const storedError = "REPLAYED"
const promising = (connector: AnyConnector): AnyConnector => ({
  ...connector,
  ...(connector.idempotency === undefined ? {} : { idempotency: { ...connector.idempotency, storedError } })
})

/** Credentials of the first of PayPal's accounts. */
const anyones = { clientId: "proof", clientSecret: Redacted.make("proof") }

/** Keys of a time that no processor keeps them. */
const kept = (connector: AnyConnector): AnyConnector =>
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

const unsent = (connector: AnyConnector): AnyConnector =>
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
const calling = (change: (input: object, draw: () => number) => object): Service => ({
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

const refusedAsSuch = (reason: Reason | Conflict): Reason | Conflict =>
  reason._tag === "Conflict" ? new Rejected({ httpStatus: 409, rawCode: reason.rawCode, rawMessage: "" }) : reason

/** Exchanges end with their callers. */
const abandoning = (): Service => {
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

const onlyTo = (id: string, change: (connector: AnyConnector) => AnyConnector): Service =>
  everywhere((connector) => (connector.id === id ? change(connector) : connector))

/** What look-ups find, changed; `only` of one flow. */
const finding =
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
const over = (found: Finding<unknown>): Finding<unknown> =>
  found._tag === "Others" && found.found._tag === "Payment"
    ? { _tag: "Others", found: { _tag: "Payment", payment: { ...found.found.payment, final: true } } }
    : found

/** As if what is asked for, and is so, were another's. */
const anothers = (found: Finding<unknown>): Finding<unknown> =>
  // the flow is a void, whose answer is a payment
  found._tag === "Ours" ? { _tag: "Others", found: { _tag: "Payment", payment: found.value as Payment } } : found

/** A list of refunds in which all of this amount have the reference and attempt that are looked for. */
const byAmount = (connector: AnyConnector): AnyConnector =>
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
const changing = (): Service => {
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
const sendingAgain = (may: (call: CallMade | undefined, status: number) => boolean, times: number): Service["client"] =>
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
const elsewhere: Service["client"] = (client) => {
  const seen = new WeakSet<object>()
  return HttpClient.mapRequest(client, (request) => {
    if (!seen.has(request)) {
      seen.add(request)
      return request
    }
    return HttpClientRequest.setUrl(request, request.url.replace("checkout-test", "checkout-test-us"))
  })
}

/** Each money rule, switched off by a connector, a configuration or a sender that does not keep it. */
export const off: ReadonlyArray<Off> = [
  { rule: "every write has its key", invariant: 5, service: everywhere(unsent) },
  { rule: "every write has its key (taken twice)", invariant: 1, service: everywhere(unsent) },
  {
    rule: "never a random key",
    invariant: 1,
    service: calling((input, draw) => ({ ...input, idempotencyKey: `random-${draw()}` }))
  },
  {
    rule: "no write is sent again once it was sent without a key",
    invariant: 5,
    service: everywhere((connector) =>
      flowsOf(connector, (flow) =>
        typeof flow.idempotency === "string" ? { ...flow, idempotency: connector.idempotency } : flow
      )
    )
  },
  {
    rule: "a 5xx is unknown, never failed",
    invariant: 2,
    service: everywhere((connector) => ({
      ...connector,
      unprocessed: ({ status }: Reply) => status >= 500 || status === 429
    }))
  },
  {
    rule: "a status that is not listed is not a failure",
    invariant: 2,
    service: everywhere(
      meaning((value) => (value.status === "UNRECOGNIZED" ? { ...value, status: "FAILED", final: true } : value))
    )
  },
  {
    rule: "a conflict is not a refusal",
    invariant: 2,
    service: everywhere((connector) => ({
      ...connector,
      rejection: (reply) => Effect.mapError(connector.rejection(reply), refusedAsSuch)
    }))
  },
  {
    rule: "absence in a list that lags proves nothing",
    invariant: 3,
    service: everywhere((connector) =>
      flowsOf(connector, (flow) =>
        flow.settle === undefined
          ? flow
          : { ...flow, settle: { ...flow.settle, conclusiveAfter: Duration.millis(-600_000) } }
      )
    )
  },
  { rule: "cancellation does not abandon a write", invariant: 6, service: abandoning() },
  { rule: "no replay past the key's retention", invariant: 5, service: everywhere(kept) },
  { rule: "no replay past the key's retention (taken twice)", invariant: 1, service: everywhere(kept) },
  {
    rule: "amounts are compared",
    invariant: 2,
    service: everywhere(
      meaning((value, asked) =>
        asked === undefined
          ? value
          : {
              ...value,
              ...(value.amount === undefined ? {} : { amount: asked }),
              ...(value.amountAuthorized === undefined ? {} : { amountAuthorized: asked }),
              ...(value.amountCaptured === undefined ? {} : { amountCaptured: asked })
            }
      )
    )
  },
  {
    rule: "no new attempt while the old one lives",
    invariant: 1,
    service: everywhere(
      meaning((value) => ({ ...(value as unknown as Payment), final: true, status: "VOIDED" }), "payment.get")
    )
  },
  {
    rule: "nothing is sent when nobody waits any more",
    invariant: 5,
    service: { ...asItIs, client: sendingAgain((call) => call?.endedAt !== undefined, 1) }
  },
  {
    rule: "a fresh token that is refused too is an answer",
    invariant: 5,
    service: { ...asItIs, client: sendingAgain((_, status) => status === 401, 3) }
  },
  {
    rule: "a token is its account's alone",
    invariant: 1,
    service: onlyTo("paypal", (connector) => ({
      ...connector,
      ...(connector.accessToken === undefined
        ? {}
        : {
            accessToken: {
              ...connector.accessToken,
              // credentials of one account, in the form that this connector takes
              request: () => connector.accessToken?.request(anyones as never) ?? HttpClientRequest.get("/")
            }
          })
    }))
  },
  {
    rule: "a key is its account's alone",
    invariant: 5,
    service: onlyTo("adyen", (adyen) => ({ ...adyen, account: () => "" }))
  },
  { rule: "a repeat has the same content", invariant: 5, service: changing() },
  { rule: "a repeat goes to the same region", invariant: 5, service: { ...asItIs, client: elsewhere } },
  {
    rule: "what a state does not allow is looked up",
    invariant: 3,
    service: everywhere((connector) => ({
      ...connector,
      rejection: (reply) =>
        Effect.mapError(connector.rejection(reply), (reason) =>
          reason._tag === "Conflict" && reason.kind === "State" ? refusedAsSuch(reason) : reason
        )
    }))
  },
  {
    rule: "what is so as it was asked for is an answer",
    invariant: 3,
    service: everywhere(finding(anothers, "payment.void"))
  },
  { rule: "only what is over stands in a write's place", invariant: 2, service: everywhere(finding(over)) },
  {
    rule: "a list is read to its end",
    invariant: 3,
    service: everywhere(finding((found) => (found._tag === "More" ? { _tag: "Absent" } : found)))
  },
  { rule: "refunds are told apart by their reference", invariant: 3, service: onlyTo("stripe", byAmount) },
  {
    rule: "a void is never settled by absence",
    invariant: 3,
    service: everywhere((connector) =>
      flowsOf(connector, (flow, name) =>
        flow.settle === undefined || name !== "payment.void"
          ? flow
          : { ...flow, settle: { ...flow.settle, conclusiveAfter: Duration.minutes(-5) } }
      )
    )
  },
  {
    rule: "a 429 is unprocessed only where that is documented",
    invariant: 2,
    service: onlyTo("adyen", (adyen) => ({ ...adyen, unprocessed: ({ status }: Reply) => status === 429 }))
  },
  {
    rule: "a refusal of a repeat is the first one's only where refusals are kept",
    invariant: 2,
    service: onlyTo("paypal", (paypal) =>
      flowsOf(promising(paypal), (flow) =>
        typeof flow.idempotency === "object" ? { ...flow, idempotency: { ...flow.idempotency, storedError } } : flow
      )
    )
  },
  {
    rule: "an earlier payment is asked about",
    invariant: 1,
    service: calling((input) => ({ ...input, earlierPayment: undefined }))
  },
  {
    rule: "answers come before their deadline",
    invariant: 6,
    service: { ...asItIs, configuration: { answerMargin: Duration.zero } }
  },
  {
    rule: "no exchange is waited for without end",
    invariant: 6,
    service: everywhere((connector) => ({
      ...connector,
      policy: { write: { firstByteTimeout: Duration.hours(1), timeout: Duration.hours(1) } }
    }))
  }
]
