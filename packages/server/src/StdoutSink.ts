import type { Writable } from "node:stream"
import { Effect, Layer } from "effect"
import { cloudEvent } from "./CloudEvent.ts"
import { NotSafe, Sink } from "./Sink.ts"

interface Line {
  readonly text: string
  readonly end: (outcome: Effect.Effect<void, NotSafe>) => void
}

const unwritten = Effect.fail(new NotSafe({ description: "it could not be written" }))

/** Writes lines one after another, each once the one before is out of this process, so that none pile up in the stream. */
class Lines {
  readonly #stream: Writable
  readonly #waiting = new Set<Line>()
  #writing = false

  constructor(stream: Writable) {
    this.#stream = stream
    // a write's own callback tells of its error
    stream.on("error", () => undefined)
  }

  write(text: string): Effect.Effect<void, NotSafe> {
    return Effect.callback((resume) => {
      const line: Line = { text, end: resume }
      this.#waiting.add(line)
      this.#next()
      return Effect.sync(() => void this.#waiting.delete(line))
    })
  }

  #next(): void {
    const [line] = this.#waiting
    if (this.#writing || line === undefined) return
    this.#waiting.delete(line)
    this.#writing = true
    this.#stream.write(`${line.text}\n`, (error) => {
      this.#writing = false
      line.end(error ? unwritten : Effect.void)
      this.#next()
    })
  }
}

/** Writes each event as a line; it is safe once that has left this process. */
export const stdoutSink = (stream: Writable): Layer.Layer<Sink> =>
  Layer.sync(Sink, () => {
    const lines = new Lines(stream)
    return { take: (told) => Effect.suspend(() => lines.write(cloudEvent(told))) }
  })
