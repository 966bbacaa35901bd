import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { Socket } from "node:net"
import { networkInterfaces } from "node:os"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { catalog } from "@connector-service/connectors/catalog"
import { PaymentServiceDefinition } from "@connector-service/proto/payments/v1/payment"
import { Layer, Option, Tracer } from "effect"
import { createChannel, createClient, type Metadata, Status, waitForChannelReady } from "nice-grpc"
import { HealthDefinition } from "nice-grpc-server-health"
import { ServerReflectionService } from "nice-grpc-server-reflection"
import { ServerReflectionRequest } from "nice-grpc-server-reflection/lib/proto/grpc/reflection/v1/reflection_pb.js"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { authorize, failure, pay, type Running, run, target } from "./kit.ts"

let running: Running
beforeAll(async () => {
  running = await run()
})
afterAll(() => running.close())

const services = ["ConnectorService", "PaymentService", "RefundService", "SettlementService", "WebhookService"].map(
  (name) => `payments.v1.${name}`
)
/** Statuses of grpc.health.v1: https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
const serving = 1
const notServing = 2
const serviceUnknown = 3

/** What a call's answer has in its header. */
const header = async (metadata: Metadata, request = authorize()): Promise<Metadata | undefined> => {
  let received: Metadata | undefined
  const onHeader = (header: Metadata) => {
    received = header
  }
  await pay(running, request, { metadata, onHeader }).catch(() => undefined)
  return received
}

describe("correlation", () => {
  it("gives the caller's request id back, with errors as well", async () => {
    const metadata = target({ "x-request-id": "req-1" })
    expect((await header(metadata))?.get("x-request-id")).toBe("req-1")
    expect((await header(metadata, authorize({ reference: "" })))?.get("x-request-id")).toBe("req-1")
  })

  it("makes one where there is none, or one that cannot be used", async () => {
    const first = (await header(target()))?.get("x-request-id")
    const second = (await header(target({ "x-request-id": "not good" })))?.get("x-request-id")
    expect(first).toMatch(/^[\x21-\x7e]{1,128}$/)
    expect(second).toMatch(/^[\x21-\x7e]{1,128}$/)
    expect(second).not.toBe(first)
  })

  it("gives a valid traceparent back and ignores another", async () => {
    // https://www.w3.org/TR/trace-context/#traceparent-header
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    expect((await header(target({ traceparent })))?.get("traceparent")).toBe(traceparent)
    expect((await header(target({ traceparent: "00-0-0-01" })))?.get("traceparent")).toBeUndefined()
  })
})

describe("spans", () => {
  it("begin under the caller's span, and none is of HTTP alone", async () => {
    const spans: Array<Tracer.Span> = []
    const span: Tracer.Tracer["span"] = (options) => {
      const made = new Tracer.NativeSpan(options)
      spans.push(made)
      return made
    }
    const own = await run({}, catalog, Layer.succeed(Tracer.Tracer, Tracer.make({ span })))
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    await pay(own, authorize(), { metadata: target({ traceparent }) })
    await own.close()
    const first = spans.find(({ name }) => name === "payment.authorize")
    expect(first?.traceId).toBe("4bf92f3577b34da6a3ce929d0e0e4736")
    expect(Option.getOrUndefined(first?.parent ?? Option.none())?.spanId).toBe("00f067aa0ba902b7")
    expect(spans.filter(({ name }) => name.startsWith("http"))).toEqual([])
  })
})

describe("health", () => {
  it("of the server and of each service", async () => {
    const health = createClient(HealthDefinition, running.channel)
    for (const service of ["", ...services]) expect(await health.check({ service })).toMatchObject({ status: serving })
    expect(await failure(health.check({ service: "payments.v1.None" }))).toMatchObject({ status: "NOT_FOUND" })
  })

  it("over HTTP, where there is nothing else", async () => {
    const at = `http://127.0.0.1:${running.httpPort}`
    const status = async (path: string, init?: RequestInit) => (await fetch(at + path, init)).status
    expect(await status("/healthz")).toBe(200)
    expect(await status("/readyz")).toBe(200)
    expect(await status("/readyz?verbose")).toBe(200)
    expect(await status("/healthz", { method: "POST", body: "x" })).toBe(405)
    expect(await status("/")).toBe(404)
    expect(await status("/constructor")).toBe(404)
  })

  it("watchers hear that the server stops, and are then sent away", async () => {
    const own = await run()
    const seen: Array<number> = []
    const watched = (async () => {
      for await (const { status } of createClient(HealthDefinition, own.channel).watch({
        service: services[1] ?? ""
      })) {
        seen.push(status)
        if (status === serving) void own.stopServer()
      }
    })()
    expect(await failure(watched)).toMatchObject({ status: "UNAVAILABLE" })
    expect(seen).toEqual([serving, notServing])
    await own.close()
  })

  it("watching a service that does not exist says so and goes on", async () => {
    const end = new AbortController()
    const watch = createClient(HealthDefinition, running.channel).watch({ service: "none" }, { signal: end.signal })
    for await (const { status } of watch) {
      expect(status).toBe(serviceUnknown)
      break
    }
  })
})

describe("reflection", () => {
  const ask = async (request: ServerReflectionRequest) => {
    const client = createClient(ServerReflectionService, running.channel)
    for await (const response of client.serverReflectionInfo(
      (async function* () {
        yield request
      })()
    ))
      return response
    throw new Error("no answer")
  }

  it("lists our services and those of every server", async () => {
    const answer = await ask(new ServerReflectionRequest().setListServices("*"))
    const names = answer
      .getListServicesResponse()
      ?.getServiceList()
      .map((service) => service.getName())
    // grpc/grpc-go's health/grpc_health_v1 and reflection: what a stock server that registers them lists
    const standard = ["health.v1.Health", "reflection.v1.ServerReflection", "reflection.v1alpha.ServerReflection"]
    expect(names?.sort()).toEqual([...standard.map((name) => `grpc.${name}`), ...services])
  })

  it("gives the file of a symbol, as the contract's own descriptors have it", async () => {
    const answer = await ask(new ServerReflectionRequest().setFileContainingSymbol("payments.v1.PaymentService"))
    const [file] = answer.getFileDescriptorResponse()?.getFileDescriptorProtoList_asU8() ?? []
    expect(Buffer.from(file ?? []).includes("payments/v1/payment.proto")).toBe(true)
  })
})

describe("buf curl, which knows of a service only what reflection says", () => {
  const buf = fileURLToPath(new URL("../../../node_modules/.bin/buf", import.meta.url))
  const curl = async (...args: ReadonlyArray<string>) => {
    const all = ["curl", "--protocol", "grpc", "--http2-prior-knowledge", ...args]
    return (await promisify(execFile)(buf, all)).stdout
  }

  it("asks for health", async () => {
    const url = `http://127.0.0.1:${running.port}/grpc.health.v1.Health/Check`
    expect(JSON.parse(await curl("-d", '{"service": "payments.v1.PaymentService"}', url))).toEqual({
      status: "SERVING"
    })
  })

  it("lists every method there is", async () => {
    const listed = (await curl("--list-methods", `http://127.0.0.1:${running.port}`)).trim().split("\n")
    // https://github.com/grpc/grpc-proto: grpc/health/v1/health.proto and grpc/reflection
    expect(listed.filter((name) => name.startsWith("grpc."))).toEqual([
      "grpc.health.v1.Health/Check",
      "grpc.health.v1.Health/Watch",
      "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
      "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
    ])
    expect(listed).toContain("payments.v1.PaymentService/Authorize")
  })
})

describe("listening", () => {
  it("is on loopback alone", async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ family, internal }) => family === "IPv4" && !internal)
    if (outside === undefined) return
    for (const port of [running.port, running.httpPort]) {
      const refused = await new Promise<string | undefined>((resolve) => {
        const socket = new Socket()
        socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code))
        socket.connect(port, outside.address, () => {
          socket.destroy()
          resolve(undefined)
        })
      })
      expect(refused).toBe("ECONNREFUSED")
    }
  })

  it("a stopped server takes no calls", async () => {
    const own = await run()
    await own.stopServer()
    const channel = createChannel(`127.0.0.1:${own.port}`)
    await expect(waitForChannelReady(channel, new Date(Date.now() + 200))).rejects.toThrow()
    const call = createClient(PaymentServiceDefinition, own.channel).get({ paymentId: "pi_1" }, { metadata: target() })
    await expect(call).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    channel.close()
    await own.close()
  })

  it("calls that go on for too long do not hold it up", async () => {
    const own = await run({ SHUTDOWN_TIMEOUT: "100 millis" })
    await own.sandbox.setFaults({ kind: "hang_before", path: "/stripe", count: 1 })
    const call = failure(own.client(PaymentServiceDefinition).get({ paymentId: "pi_1" }, { metadata: target() }))
    await expect.poll(() => own.sandbox.ledger().requests_seen).toBe(1)
    await own.stopServer()
    expect((await call).status).toMatch(/^(CANCELLED|UNAVAILABLE)$/)
    await own.close()
  })

  it("the version is the package's", async () => {
    const { version } = await import("@connector-service/server/Config")
    const url = new URL("../package.json", import.meta.url)
    expect(version).toBe(JSON.parse(readFileSync(url, "utf8")).version)
  })
})
