import type { AnyConnector, AnyFlow, Flows } from "@connector-service/connectors/Connector"
import type { Connectors } from "@connector-service/connectors/Connectors"
import type { Conflict, Reply } from "@connector-service/connectors/Reply"
import type { Payment } from "@connector-service/domain/Payment"
import { type Reason, Rejected } from "@connector-service/domain/Reason"
import { Calling } from "@connector-service/proof/Network"
import { asItIs } from "@connector-service/proof/Play"
import type { Service } from "@connector-service/proof/Stage"
import { Duration, Effect } from "effect"
import { HttpClient } from "effect/http"

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
  }
]
