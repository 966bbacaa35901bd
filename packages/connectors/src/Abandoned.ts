import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Result from "effect/Result"
import type { Answer, Background, Writing } from "./Sender.ts"
import type { Setback } from "./Setback.ts"

/** Writes whose callers had gone, by how they ended. */
const abandoned = Metric.counter("connector_writes_abandoned", {
  description: "Writes read to their end after their caller had gone",
  incremental: true
})

/** Counts and logs a write, and what is known of its end. */
const told = (what: string, { reference, ...write }: Writing, result: string): Effect.Effect<void> => {
  const attributes = { ...write, result }
  return Effect.logWarning(what).pipe(
    Effect.annotateLogs({ ...attributes, reference }),
    Effect.andThen(Metric.update(Metric.withAttributes(abandoned, attributes), 1))
  )
}

/** Tells how a write ended whose caller had gone. */
export const readToItsEnd = (write: Writing, exit: Exit.Exit<Answer, Setback>): Effect.Effect<void> => {
  const result =
    exit._tag === "Failure"
      ? "no answer"
      : Result.match(exit.value, { onFailure: ({ _tag }) => _tag, onSuccess: () => "answered" })
  return told("a write ended after its caller had gone", write, result)
}

/** Tells of the writes that are still on the wire when nothing waits for them any more. */
export const leftBehind = ({ writes }: Background): Effect.Effect<void> =>
  Effect.forEach(
    writes,
    (write) => told("a write was still on the wire when the time to stop ran out", write, "left behind"),
    { discard: true }
  )
