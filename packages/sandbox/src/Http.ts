import { Later } from "./Later.ts"
import type { Call, Reply, Twist } from "./Processor.ts"
import { later } from "./Surroundings.ts"

/** A request header by its lower-case name; undefined when it is absent or repeated. */
export const header = (call: Call, name: string): string | undefined => {
  const value = call.headers[name]
  return typeof value === "string" ? value : undefined
}

/** The reply with more headers, which win over those it has. */
export const withHeaders = (reply: Reply, headers: Readonly<Record<string, string>>): Reply => ({
  ...reply,
  headers: { ...reply.headers, ...headers }
})

/** Answers at once, or after the twist's delay. */
export const after = <A>(twist: Twist, answer: () => A): A | Later<A> =>
  twist.delayMilliseconds === 0 ? answer() : new Later((use) => later(twist.delayMilliseconds, () => use(answer())))
