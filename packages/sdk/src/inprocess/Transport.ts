import type { Connectors } from "@connector-service/connectors/Connectors"
import { type ConnectorError, type Reason, UnknownConnector } from "@connector-service/domain/Reason"
import type { RequestOf } from "@connector-service/domain/Services"
import type { SettleRequest } from "@connector-service/domain/Settlement"
import { Cause, Clock, Effect } from "effect"
import type { Outgoing, Transport, Unanswered } from "../Transport.ts"
import { credentials, type Secrets } from "./Secrets.ts"

const told = (reason: Reason): Unanswered => ({ _tag: "Told", reason })
const closed: Unanswered = { _tag: "NotSent", why: "the client is closed" }
const defect: Unanswered = { _tag: "Broken", description: "a defect" }

/** A mistake in our own code says nothing of a write: it must not pass for "nothing happened". */
const guarded = <A>(
  { flow, requestId }: Outgoing,
  effect: Effect.Effect<A, Unanswered>
): Effect.Effect<A, Unanswered> =>
  Effect.catchCauseIf(effect, Cause.hasDies, (cause) =>
    Effect.logError(`${flow.name} met a defect`, cause).pipe(
      Effect.annotateLogs({ request_id: requestId }),
      Effect.andThen(Effect.fail(defect))
    )
  )

type Run = (outgoing: Outgoing) => Effect.Effect<unknown, Unanswered>

/** Calls by connectors in this very program. */
export const transport = (connectors: Connectors["Service"], secrets: Secrets | undefined): Transport => {
  const find = credentials(secrets)
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
      return Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Effect.flatMap(find(target, deadline - now), (credentials) =>
          answer(outgoing, call({ connector, environment, credentials }, outgoing))
        )
      )
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

  let running = 0
  let open = true
  let idle: (() => void) | undefined
  const ended = () => {
    running -= 1
    if (running === 0) idle?.()
  }

  return {
    exchange: (outgoing) =>
      Effect.uninterruptibleMask((restore) => {
        if (!open) return Effect.fail(closed)
        running += 1
        const run = guarded(
          outgoing,
          Effect.suspend(() => runs[outgoing.flow.service](outgoing))
        )
        return Effect.onExit(restore(run), () => Effect.sync(ended))
      }),
    close: Effect.callback((resume) => {
      open = false
      idle = () => resume(Effect.void)
      if (running === 0) idle()
    })
  }
}
