import { identity } from "effect/Function"
import * as Rpc from "effect/rpc/Rpc"
import * as RpcGroup from "effect/rpc/RpcGroup"
import type * as Schema from "effect/Schema"
import { ConnectorError } from "./Reason.ts"
import { type Services, services } from "./Services.ts"

interface Messages {
  readonly request: Schema.Top
  readonly response: Schema.Top
}

type RpcOf<Tag extends string, R> = R extends {
  readonly request: infer Request extends Schema.Top
  readonly response: infer Response extends Schema.Top
}
  ? Rpc.Rpc<Tag, Request, Response, typeof ConnectorError>
  : never

/** Every method of the table as an RPC, named `service.method`. */
export type Rpcs = {
  readonly [S in keyof Services]: {
    readonly [M in keyof Services[S] & string]: RpcOf<`${S}.${M}`, Services[S][M]>
  }[keyof Services[S] & string]
}[keyof Services]

/** A request's schema that takes what it is given: the service judges it, and says in ConnectorError what is at fault. */
const unjudged = (request: Schema.Top): Schema.Top =>
  // the same schema but for its constructor
  Object.create(request, { make: { value: identity } }) as Schema.Top

const rpc = (tag: string, { request, response }: Messages) =>
  Rpc.make(tag, { payload: unjudged(request), success: response, error: ConnectorError })
    // both sides trust what the other sends; the service decodes requests by the rows' own schemas
    .annotate(Rpc.ParseOptions, { disableChecks: true })

/** The RPC group: `client["payment.authorize"](request)` has its row's request and response, and fails with ConnectorError. */
export const rpcs: RpcGroup.RpcGroup<Rpcs> = RpcGroup.make(
  ...Object.entries(services).flatMap(([service, methods]) =>
    Object.entries<Messages>(methods).map(([method, row]) => rpc(`${service}.${method}`, row))
  )
  // made row by row, as the type is
) as unknown as RpcGroup.RpcGroup<Rpcs>
