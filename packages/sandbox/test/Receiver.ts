import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeEach, vi } from "vitest"
import type { DeliveryView } from "../src/Deliveries.ts"
import type { Sandbox, WantedEndpoint } from "../src/Sandbox.ts"

/** A webhook as it arrived. */
export interface Arrived {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A merchant's endpoint of webhooks. */
export interface Receiver {
  /** Another one in each test, so that nothing is counted that comes late. */
  readonly url: string
  /** What was delivered so far. */
  readonly arrived: Array<Arrived>
  /** The statuses of the next answers; 200 once they are used up. */
  readonly answers: Array<number>
  /** What happens once the next deliveries have arrived, before they are answered. */
  readonly meanwhile: Array<() => void>
  /** Resolves with what was delivered once that is so many. */
  readonly after: (count: number) => Promise<ReadonlyArray<Arrived>>
}

/** An endpoint for one test file. Before each test it is emptied, and the sandbox delivers nowhere. */
export const receiverForTests = async (sandbox: Sandbox): Promise<Receiver> => {
  const arrived: Array<Arrived> = []
  const answers: Array<number> = []
  const meanwhile: Array<() => void> = []
  const waiting: Array<() => void> = []
  let path = ""
  const server = createServer((request, response) => {
    const pieces: Array<Buffer> = []
    request.on("data", (piece: Buffer) => pieces.push(piece))
    request.on("end", () => {
      if (request.url !== path) return void response.end()
      // No header of a webhook comes twice.
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      arrived.push({ headers, body: Buffer.concat(pieces).toString() })
      meanwhile.shift()?.()
      response.writeHead(answers.shift() ?? 200).end()
      for (const wake of waiting.splice(0)) wake()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  beforeEach(async () => {
    await fetch(`${sandbox.url}/_sandbox/webhooks`, { method: "DELETE" })
    path = `/${crypto.randomUUID()}`
    arrived.length = 0
    answers.length = 0
    meanwhile.length = 0
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const after: Receiver["after"] = async (count) => {
    while (arrived.length < count) await new Promise<void>((wake) => waiting.push(wake))
    return arrived
  }
  // A TCP server's address is an AddressInfo once it listens.
  const { port } = server.address() as AddressInfo
  return {
    get url() {
      return `http://127.0.0.1:${port}${path}`
    },
    arrived,
    answers,
    meanwhile,
    after
  }
}

/** Has a processor's webhooks delivered to a receiver, retries at once. */
export const deliverTo = (
  sandbox: Sandbox,
  { url }: Receiver,
  processor: string,
  more: Partial<WantedEndpoint> = {}
): Promise<void> => sandbox.addEndpoints({ processor, url, time_scale: 0, ...more })

/** What the sandbox knows of its deliveries once it is as expected. */
export const deliveriesOnce = (sandbox: Sandbox, holds: (all: ReadonlyArray<DeliveryView>) => boolean) =>
  vi.waitUntil(
    () => {
      const all = sandbox.deliveries()
      return holds(all) && all
    },
    { timeout: 10_000, interval: 1 }
  )
