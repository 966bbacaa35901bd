import { createServer, connect as dial, type Socket } from "node:net"
import { it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { expect, test } from "vitest"
import { Payments } from "../../src/Payments.ts"
import { connect, layer } from "../../src/Rpc.ts"
import { certify, hasOpenssl } from "../certificates.ts"
import { errorOf } from "../errors.ts"
import { authorize, capture, target } from "../inputs.ts"
import { cut, startFake, told, value } from "./Fake.ts"

test.skipIf(!hasOpenssl)("a server is trusted by its certificate and name, and told nothing otherwise", async () => {
  const made = certify("payments.test")
  const fake = await startFake(value([]), made)

  const trusting = connect(fake.url, { tls: { rootCerts: made.cert, serverName: "payments.test" } })
  expect(await trusting.connector.list()).toEqual([])
  expect(fake.seen).toHaveLength(1)
  await trusting.close()

  const wary = [
    { rootCerts: made.cert, serverName: "other.test" },
    { rootCerts: certify("payments.test").cert, serverName: "payments.test" },
    { serverName: "payments.test" },
    true
  ]
  for (const tls of wary) {
    const client = connect(fake.url, { ...target, tls, retry: false })
    const error = await errorOf(client.payment.authorize(authorize))
    expect(error).toMatchObject({ moneyMoved: "NO", reason: { _tag: "Unreachable" } })
    await client.close()
  }
  expect(fake.seen).toHaveLength(1)
  await fake.close()
})

/** Holds every connection back until it is told to let them through to a port. */
const startGate = async (port: number) => {
  const held: Array<Socket> = []
  let taken = () => {}
  const first = new Promise<void>((resolve) => {
    taken = resolve
  })
  const server = createServer((socket) => {
    socket.on("error", () => {})
    held.push(socket)
    taken()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const bound = server.address()
  return {
    url: `https://127.0.0.1:${typeof bound === "object" && bound !== null ? bound.port : 0}`,
    first,
    /** Resolves when all of them are closed. */
    closed: () => Promise.all(held.map((socket) => new Promise((resolve) => socket.once("close", resolve)))),
    open: () => {
      for (const socket of held)
        socket
          .pipe(dial(port, "127.0.0.1"))
          .on("error", () => {})
          .pipe(socket)
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of held) socket.destroy()
        server.close(() => resolve())
      })
  }
}

test.skipIf(!hasOpenssl)(
  "a call that was given up while connecting is not sent when the connection comes about",
  async () => {
    const made = certify("payments.test")
    const fake = await startFake(cut, made)
    const gate = await startGate(fake.port)
    const tls = { rootCerts: made.cert, serverName: "payments.test" }
    const client = connect(gate.url, { ...target, tls, retry: false })
    const controller = new AbortController()
    const call = errorOf(client.payment.capture(capture, { signal: controller.signal }))
    await gate.first
    controller.abort()
    expect(await call).toMatchObject({ moneyMoved: "NO", reason: { _tag: "Unreachable" } })
    const closed = gate.closed()
    gate.open()
    await closed
    expect(fake.seen).toEqual([])
    await client.close()
    await Promise.all([gate.close(), fake.close()])
  }
)

it.effect.skipIf(!hasOpenssl)("time that connecting took is not promised to the service", () =>
  Effect.gen(function* () {
    const made = certify("payments.test")
    const fake = yield* Effect.promise(() => startFake(told({ _tag: "MissingField", field: "reference" }), made))
    const gate = yield* Effect.promise(() => startGate(fake.port))
    const tls = { rootCerts: made.cert, serverName: "payments.test" }
    const call = Effect.flatMap(Payments, ({ payment }) => Effect.flip(payment.capture(capture, { timeout: 10_000 })))
    const fiber = yield* Effect.forkChild(Effect.provide(call, layer(gate.url, { ...target, tls, retry: false })))
    yield* Effect.promise(() => gate.first)
    yield* TestClock.adjust("3 seconds")
    gate.open()
    expect((yield* Fiber.join(fiber)).reason).toMatchObject({ _tag: "MissingField" })
    expect(fake.seen[0]?.fields["x-timeout-ms"]).toBe("7000")
    yield* Effect.promise(() => Promise.all([gate.close(), fake.close()]))
  })
)
