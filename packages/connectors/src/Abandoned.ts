import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Result from "effect/Result"
import type { Background, Writing } from "./Background.ts"
import type { Answer } from "./Reply.ts"
import type { Setback } from "./Setback.ts"

/** Writes whose callers had gone, by how they ended. */
const abandoned = Metric.counter("connector_writes_abandoned", {
  description: "Writes read to their end after their caller had gone",
  incremental: true
})

/** Logs a write, and what is known of its end. */
const told = (what: string, { reference, ...write }: Writing, result: string): Effect.Effect<void> =>
  Effect.annotateLogs(Effect.logWarning(what), { ...write, result, reference })

/** Counts a write whose caller had gone, and tells how it ended. */
export const readToItsEnd = (write: Writing, exit: Exit.Exit<Answer | undefined, Setback>): Effect.Effect<void> => {
  const result =
    exit._tag === "Failure" || exit.value === undefined
      ? "no answer"
      : Result.match(exit.value, { onFailure: ({ _tag }) => _tag, onSuccess: () => "answered" })
  const { connector, flow } = write
  return Effect.andThen(
    told("a write ended after its caller had gone", write, result),
    Metric.update(Metric.withAttributes(abandoned, { connector, flow, result }), 1)
  )
}

/** Tells of the writes that are still on the wire when nothing waits for them any more; they are counted if they end. */
export const leftBehind = ({ writes }: Background): Effect.Effect<void> =>
  Effect.forEach(
    writes,
    (write) => told("a write was still on the wire when the time to stop ran out", write, "left behind"),
    { discard: true }
  )
