import type { AnyConnector } from "@connector-service/connectors/Connector"
import { type Configuration, Connectors } from "@connector-service/connectors/Connectors"
import * as UndiciClient from "@connector-service/connectors/UndiciClient"
import { ofRepeat } from "@connector-service/connectors/Unknown"
import { type ConnectorError, type Reason, UnknownConnector } from "@connector-service/domain/Reason"
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
import type { Outgoing, Transport, Unanswered } from "../Transport.ts"
import { plain, resolve, type Secrets, unreadable } from "./Secrets.ts"

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

type Run = (outgoing: Outgoing) => Effect.Effect<unknown, Unanswered>

const runOf = (connectors: Connectors["Service"], secrets: Secrets | undefined): Run => {
  const read = plain()
  const ids = connectors.list.map(({ id }) => id)
  const known = new Set(ids)

  const answer = (outgoing: Outgoing, effect: Effect.Effect<unknown, ConnectorError>) => {
    outgoing.sent()
    return Effect.mapErrorEager(effect, ({ reason }) => told(reason))
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
        return Effect.fail(told(new UnknownConnector({ known: ids })))
      }
      const { connector, environment } = target
      const go = (given: object, otherwise: Effect.Effect<never, Unanswered>) => {
        const credentials = read(given)
        return credentials === undefined
          ? otherwise
          : answer(outgoing, call({ connector, environment, credentials }, outgoing))
      }
      return target.credentials === undefined
        ? Effect.flatMap(Effect.catchEager(resolve(secrets, target, deadline), refused(outgoing)), (found) =>
            go(found, refused(outgoing)(unreadable))
          )
        : go(target.credentials, Effect.fail(unheld))
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
  secrets: Secrets | undefined
): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => new InFlight()),
      ({ close }) => close
    ),
    (inFlight) => {
      const run = runOf(connectors, secrets)
      return {
        exchange: (outgoing) => Effect.annotateLogs(inFlight.run(run(outgoing)), "request_id", outgoing.requestId)
      }
    }
  )

/** What calls in process are made of. */
export interface Parts {
  readonly connectors: ReadonlyArray<AnyConnector>
  readonly secrets?: Secrets | undefined
  readonly httpClient?: Layer.Layer<HttpClient.HttpClient> | undefined
  readonly configuration?: Configuration | undefined
}

/** Calls by connectors in this very program. Closing waits for those in flight, and for writes on the wire. */
export const transport = ({
  configuration,
  connectors,
  httpClient = UndiciClient.layer(),
  secrets
}: Parts): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.flatMap(
    Layer.build(Layer.provide(Connectors.layer(connectors, { ...noMargin, ...configuration }), httpClient)),
    (context) => over(Context.get(context, Connectors), secrets)
  )
