import { Writable } from "node:stream"
import { NotSafe, Sink } from "@connector-service/server/Sink"
import { stdoutSink } from "@connector-service/server/StdoutSink"
import { CloudEvent } from "cloudevents"
import { Effect, Exit, Fiber } from "effect"
import { expect, it } from "vitest"
import { told } from "./told.ts"

/** A stream that has a line out of the process only when it is told to. */
const slow = () => {
  const lines: Array<string> = []
  const out: Array<(error?: Error) => void> = []
  const stream = new Writable({
    // one byte is too much: whoever minds backpressure writes one line at a time
    highWaterMark: 1,
    write: (chunk, _encoding, callback) => {
      lines.push(String(chunk))
      out.push(callback)
    }
  })
  return { stream, lines, flush: (error?: Error) => out.shift()?.(error) }
}

const sinkOf = (stream: Writable) => Effect.runPromise(Effect.provide(Sink, stdoutSink(stream)))
/** Lets what has been decided come to pass. */
const settled = () => new Promise((done) => setImmediate(done))

it("an event is one line of JSON, a CloudEvent, and is safe once that is out of the process", async () => {
  const { flush, lines, stream } = slow()
  const taking = Effect.runFork((await sinkOf(stream)).take(told("evt_1\n")))
  await settled()
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^[^\n]+\n$/)
  // the library reads its attributes and checks them
  expect(new CloudEvent(JSON.parse(lines[0] ?? "")).toJSON()).toMatchObject({
    id: "evt_1\n",
    source: "/webhooks/stripe/shop",
    type: "payments.v1.event.payment"
  })
  expect(taking.pollUnsafe()).toBeUndefined()
  flush()
  expect(await Effect.runPromise(Fiber.await(taking))).toEqual(Exit.void)
})

it("the next line waits for the one before, and one that nobody waits for is not written", async () => {
  const { flush, lines, stream } = slow()
  const { take } = await sinkOf(stream)
  const [first, second, third] = ["evt_1", "evt_2", "evt_3"].map((id) => Effect.runFork(take(told(id))))
  await settled()
  expect(stream.writableLength).toBe(lines[0]?.length)
  if (second !== undefined) await Effect.runPromise(Fiber.interrupt(second))
  flush()
  await settled()
  expect(first?.pollUnsafe()).toEqual(Exit.void)
  expect(lines.map((line) => JSON.parse(line).id)).toEqual(["evt_1", "evt_3"])
  expect(third?.pollUnsafe()).toBeUndefined()
  flush()
  await settled()
  expect(third?.pollUnsafe()).toEqual(Exit.void)
})

it("what comes in while a line is written goes out together, and all of it is safe then", async () => {
  const { flush, lines, stream } = slow()
  const { take } = await sinkOf(stream)
  const taking = ["evt_1", "evt_2", "evt_3"].map((id) => Effect.runFork(take(told(id))))
  await settled()
  expect(lines).toHaveLength(1)
  flush()
  await settled()
  expect(lines[1]?.match(/^.+$/gm)?.map((line) => JSON.parse(line).id)).toEqual(["evt_2", "evt_3"])
  expect(taking.map((fiber) => fiber.pollUnsafe())).toEqual([Exit.void, undefined, undefined])
  flush()
  await settled()
  expect(taking.map((fiber) => fiber.pollUnsafe())).toEqual([Exit.void, Exit.void, Exit.void])
})

it("a line that is not written leaves its event not safe", async () => {
  const { flush, stream } = slow()
  const { take } = await sinkOf(stream)
  const taking = ["evt_1", "evt_2"].map((id) => Effect.runPromiseExit(take(told(id))))
  await settled()
  flush(new Error("EPIPE"))
  const notSafe = Exit.fail(new NotSafe({ description: "it could not be written" }))
  expect(await Promise.all(taking)).toEqual([notSafe, notSafe])
})
