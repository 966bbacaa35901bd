import type { AnyConnector } from "@connector-service/connectors/Connector"
import { type Configuration, Connectors } from "@connector-service/connectors/Connectors"
import * as UndiciClient from "@connector-service/connectors/UndiciClient"
import { ofRepeat } from "@connector-service/connectors/Unknown"
import {
  type ConnectorError,
  MissingField,
  type Reason,
  UnknownConnector,
  Unreachable
} from "@connector-service/domain/Reason"
import type { RequestOf } from "@connector-service/domain/Services"
import type { SettleRequest } from "@connector-service/domain/Settlement"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { unheld } from "../Headers.ts"
import { InFlight } from "../InFlight.ts"
import type { Target } from "../Target.ts"
import type { Outgoing, Transport, Unanswered } from "../Transport.ts"
import { credentials, type Kind, plain, resolve, type Secrets, type WebhookSecrets, webhookSecrets } from "./Secrets.ts"

const told = (reason: Reason): Unanswered => ({ _tag: "Told", reason })
const defect: Unanswered = { _tag: "Broken", description: "a defect" }

/** A mistake in our own code says nothing of a write: it must not pass for "nothing happened". */
const guarded = ({ flow }: Outgoing, cause: Cause.Cause<Unanswered>): Effect.Effect<never, Unanswered> =>
  Cause.hasDies(cause)
    ? Effect.logError(`${flow.name} met a defect`, cause).pipe(Effect.andThen(Effect.fail(defect)))
    : Effect.failCause(cause)

/** Why the credentials could not be had; of a repeat, that says nothing of the sending before it. */
const refused =
  ({ flow, request }: Outgoing) =>
  (why: Unanswered): Effect.Effect<never, Unanswered> =>
    why._tag === "Told"
      ? Effect.flatMap(Clock.currentTimeMillis, (now) =>
          // the flow's schema gave its request; only that of a write has a first sending
          Effect.fail(told(ofRepeat(flow.name, request as never, why.reason, now)))
        )
      : Effect.fail(why)

/** Nothing lies between the connectors and their caller that an answer would have to come before. */
const noMargin = { answerMargin: Duration.zero }

/** Why something could not be had, as a reason: nothing was sent for want of it. */
const reasonOf = (why: Unanswered): Reason =>
  why._tag === "Told"
    ? why.reason
    : new Unreachable({ description: why._tag === "NotSent" ? why.why : why.description })

type Run = (outgoing: Outgoing) => Effect.Effect<unknown, Unanswered>

const runOf = (
  connectors: Connectors["Service"],
  secrets: Secrets | undefined,
  webhookSecretsOf: WebhookSecrets | undefined
): Run => {
  const finders = { [credentials.key]: secrets, [webhookSecrets.key]: webhookSecretsOf }
  const read = plain()
  const ids = connectors.list.map(({ id }) => id)
  const known = new Set(ids)

  const answer = (outgoing: Outgoing, effect: Effect.Effect<unknown, ConnectorError>) => {
    outgoing.sent()
    return Effect.mapErrorEager(effect, ({ reason }) => told(reason))
  }

  const unknown = Effect.fail(told(new UnknownConnector({ known: ids })))
  const found = (kind: Kind, target: Target, deadline: number): Effect.Effect<unknown, Unanswered> =>
    Effect.flatMap(resolve(finders[kind.key], kind, target, deadline), (given) => {
      const copy = read(kind, given)
      return copy === undefined ? Effect.fail(kind.unreadable) : Effect.succeed(copy)
    })
  const brought = (kind: Kind, given: object): Effect.Effect<unknown, Unanswered> => {
    const copy = read(kind, given)
    return copy === undefined ? Effect.fail(unheld(kind.key)) : Effect.succeed(copy)
  }

  /** A method that has a target: an unknown connector is said before anything is asked for. */
  const targeted =
    (
      call: (
        target: Parameters<Connectors["Service"]["settle"]>[0],
        outgoing: Outgoing
      ) => Effect.Effect<unknown, ConnectorError>
    ): Run =>
    (outgoing) => {
      const { deadline, target } = outgoing
      if (target === undefined || !known.has(target.connector)) {
        return unknown
      }
      const { connector, environment } = target
      const had =
        target.credentials === undefined
          ? Effect.catchEager(found(credentials, target, deadline), refused(outgoing))
          : brought(credentials, target.credentials)
      return Effect.flatMap(had, (credentials) =>
        answer(outgoing, call({ connector, environment, credentials }, outgoing))
      )
    }

  const receive: Run = (outgoing) => {
    const { deadline, request, target } = outgoing
    if (target === undefined || !known.has(target.connector)) return unknown
    const had = (kind: Kind, given: object | undefined): Effect.Effect<unknown, Reason> =>
      Effect.mapError(given === undefined ? found(kind, target, deadline) : brought(kind, given), reasonOf)
    const proof = {
      // what was had is a list
      secrets: had(webhookSecrets, target.webhookSecrets) as Effect.Effect<ReadonlyArray<unknown>, Reason>,
      credentials:
        target.credentials === undefined && target.account === undefined
          ? Effect.fail(new MissingField({ field: credentials.key }))
          : had(credentials, target.credentials)
    }
    // the row's schema gave the request
    const { delivery } = request as RequestOf<"webhook", "receive">
    return answer(outgoing, connectors.receive(target, delivery, proof, { deadline }))
  }

  const flow = (service: "payment" | "refund"): Run =>
    targeted((target, { deadline, flow, request }) =>
      // the method is one of the service's, and its row's schema gave its request
      connectors.call(target, service, flow.method as never, request as never, { deadline })
    )

  const runs: { readonly [S in Outgoing["flow"]["service"]]: Run } = {
    payment: flow("payment"),
    refund: flow("refund"),
    // the rows' schemas gave the requests
    settlement: targeted((target, { deadline, request }) =>
      connectors.settle(target, request as SettleRequest, { deadline })
    ),
    webhook: (outgoing) =>
      outgoing.flow.method === "receive"
        ? receive(outgoing)
        : answer(
            outgoing,
            connectors.identify(
              outgoing.target?.connector ?? "",
              (outgoing.request as RequestOf<"webhook", "identify">).delivery
            )
          ),
    connector: (outgoing) =>
      outgoing.flow.method === "list"
        ? Effect.succeed(connectors.list)
        : answer(outgoing, connectors.get((outgoing.request as RequestOf<"connector", "get">).id))
  }

  return (outgoing) =>
    Effect.catchCause(
      Effect.suspend(() => runs[outgoing.flow.service](outgoing)),
      (cause) => guarded(outgoing, cause)
    )
}

/** Calls by a sender. Closing waits for those in flight. */
export const over = (
  connectors: Connectors["Service"],
  secrets: Secrets | undefined,
  webhookSecretsOf?: WebhookSecrets
): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => new InFlight()),
      ({ close }) => close
    ),
    (inFlight) => {
      const run = runOf(connectors, secrets, webhookSecretsOf)
      return {
        exchange: (outgoing) => Effect.annotateLogs(inFlight.run(run(outgoing)), "request_id", outgoing.requestId)
      }
    }
  )

/** What calls in process are made of. */
export interface Parts {
  readonly connectors: ReadonlyArray<AnyConnector>
  readonly secrets?: Secrets | undefined
  readonly webhookSecretsOf?: WebhookSecrets | undefined
  readonly httpClient?: Layer.Layer<HttpClient.HttpClient> | undefined
  readonly configuration?: Configuration | undefined
}

/** Calls by connectors in this very program. Closing waits for those in flight, and for writes on the wire. */
export const transport = ({
  configuration,
  connectors,
  httpClient = UndiciClient.layer(),
  secrets,
  webhookSecretsOf
}: Parts): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.flatMap(
    Layer.build(Layer.provide(Connectors.layer(connectors, { ...noMargin, ...configuration }), httpClient)),
    (context) => over(Context.get(context, Connectors), secrets, webhookSecretsOf)
  )
