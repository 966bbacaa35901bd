import type { Services } from "@connector-service/domain/Services"
import type { Names, Same } from "./Agreement.ts"

/** Every method's name by service: the table of flows without its schemas, which are loaded only as calls are. */
const methods = {
  payment: ["authorize", "capture", "void", "reverse", "get", "complete"],
  refund: ["create", "get"],
  settlement: ["settle"],
  webhook: ["identify", "receive"],
  connector: ["list", "get"]
} as const

type Listed = {
  readonly [S in keyof typeof methods]: { readonly [M in (typeof methods)[S][number]]: true }
}
// a method that the table of flows has and this list has not, or the other way about, does not compile
true satisfies Same<Listed, Names<Services>>

/** "payment.capture": a method by its service. */
export type FlowName = { [S in keyof Listed]: `${S}.${keyof Listed[S] & string}` }[keyof Listed]

/** What `make` makes of every method, nested by service as the table of flows is. */
export const byService = <A>(make: (flow: FlowName) => A): Readonly<Record<string, Readonly<Record<string, A>>>> =>
  Object.fromEntries(
    Object.entries(methods).map(([service, names]) => [
      service,
      // a service with a method of its own
      Object.fromEntries(names.map((name) => [name, make(`${service}.${name}` as FlowName)]))
    ])
  )
