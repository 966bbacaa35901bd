import { fileURLToPath } from "node:url"
import { PaymentServiceAuthorizeResponse, PaymentServiceDefinition } from "@connector-service/proto/payments/v1/payment"
import { PaymentStatus } from "@connector-service/proto/payments/v1/types"
import type { Floor, FloorSettings } from "./Floor.ts"
import type { InProcess } from "./InProcess.ts"
import type { Load, Wire } from "./Load.ts"
import { credentials, message, metadata, type Shop, shops, stripeShop } from "./Payment.ts"
import type { Probe } from "./Probe.ts"
import { type Process, start } from "./Process.ts"
import type { Stretch, Tallied } from "./Tally.ts"
import type { Upstream } from "./Upstream.ts"
import type { Way } from "./Ways.ts"

/** One of the things that are measured. */
export interface Contestant {
  readonly name: "floor" | "server" | `in process, ${Shop["connector"]}` | Way
  readonly process: Process<Probe>
  readonly many: (stretch: Stretch) => Promise<Tallied>
}

/** Everything that runs. */
export interface Stand {
  readonly contestants: ReadonlyArray<Contestant>
  readonly upstream: Process<Upstream & Probe>
  readonly load: Process<Load & Probe>
  /** A further process that calls Stripe by a way, named by it. */
  readonly further: (way: Way) => Promise<Contestant>
  /** Milliseconds from starting a further server to its first answer. */
  readonly startUp: () => Promise<number>
  readonly end: () => Promise<void>
}

/** What is measured must be what it is said to be. */
export class Unequal extends Error {}

const { fullName, methods } = PaymentServiceDefinition
const method = `/${fullName}/${methods.authorize.name}`

const module = new URL(import.meta.resolve("@connector-service/server/main"))
/** What `npm run serve` runs; the sources have no bundle. */
export const server = {
  file: fileURLToPath(module.pathname.endsWith(".ts") ? module : new URL("bundle/main.js", module)),
  core: "measured"
} as const

const listening = /Listening: gRPC on [^\s,]+:(\d+)/

const serverEnvironment = (origin: string) => ({
  PORT: "0",
  HTTP_PORT: "0",
  LOG_LEVEL: "info",
  STRIPE_SANDBOX_URL: origin,
  ACCOUNT_BENCH: JSON.stringify({ stripe: credentials })
})

const wireTo = (port: number | string): Wire => ({ port: Number(port), method, metadata, request: message })

/** The parts of a request that undici is told; it writes the others itself. */
const parse = (request: Uint8Array): Pick<FloorSettings, "path" | "headers" | "body"> => {
  const bytes = Buffer.from(request)
  const end = bytes.indexOf("\r\n\r\n")
  const [requestLine = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n")
  const itsOwn = /^(host|connection|content-length):/i
  return {
    path: requestLine.split(" ")[1] ?? "",
    headers: lines.filter((line) => !itsOwn.test(line)).flatMap((line) => line.split(/: */, 2)),
    body: bytes.subarray(end + 4)
  }
}

const keyOf = (request: Uint8Array): string =>
  /^idempotency-key: *(\S+)/im.exec(Buffer.from(request).toString("latin1"))?.[1] ?? ""

/** The server with its upstream and its load. */
interface Alone {
  readonly origin: string
  readonly upstream: Process<Upstream & Probe>
  readonly load: Process<Load & Probe>
  readonly server: Process<Probe>
  /** The call that is measured, and its answer. */
  readonly wire: Wire
  readonly expected: Uint8Array
  readonly end: () => Promise<void>
}

/** Starts the server alone, and sees to it that it answers as it should. */
export const serverAlone = async (): Promise<Alone> => {
  const upstream = start<Upstream>({ file: "Upstream", core: "other" })
  const load = start<Load>({ file: "Load", core: "other" })
  const origin = `http://127.0.0.1:${await upstream.ask("listen")}`
  const served = start<Probe>({ ...server, env: serverEnvironment(origin) })
  const [, port = ""] = await served.prints(listening)
  const wire = wireTo(port)
  const expected = await load.ask("once", wire)
  const { payment } = PaymentServiceAuthorizeResponse.decode(expected)
  if (payment?.status !== PaymentStatus.PAYMENT_STATUS_AUTHORIZED)
    throw new Unequal(`The server answered ${payment?.status} and not AUTHORIZED.`)
  const end = async () => void (await Promise.all([served, load, upstream].map(({ end }) => end())))
  return { origin, upstream, load, server: served, wire, expected, end }
}

/** Starts it all, and sees to it that the floor and the calls in process post what the server posts. */
export const stand = async (): Promise<Stand> => {
  const { end, expected, load, origin, server: served, upstream, wire } = await serverAlone()
  const posted = await upstream.ask("latest")

  const floor = start<Floor>({ file: "Floor", core: "measured" })
  const floorPort = await floor.ask("listen", { origin, method, ...parse(posted), answer: expected })
  await load.ask("once", wireTo(floorPort))
  if (!Buffer.from(posted).equals(await upstream.ask("latest")))
    throw new Unequal("The floor does not post the bytes that the server posts.")

  const key = keyOf(posted)
  const inProcess = async (name: Contestant["name"], shop: Shop, way?: Way): Promise<Contestant> => {
    const process = start<InProcess>({ file: "InProcess", core: "measured" })
    await process.ask("prepare", { origin, shop, key, ...(way && { way }) })
    const many = (stretch: Stretch) => process.ask("many", stretch)
    await many({ concurrency: 1, millis: 0 })
    if (shop === stripeShop && !Buffer.from(posted).equals(await upstream.ask("latest")))
      throw new Unequal(`"${name}" does not post the bytes that the server posts.`)
    return { name, process, many }
  }
  const each: Array<Contestant> = []
  for (const shop of shops) each.push(await inProcess(`in process, ${shop.connector}`, shop))

  const over = (wire: Wire) => (stretch: Stretch) => load.ask("many", { ...wire, stretch, expected })
  return {
    upstream,
    load,
    contestants: [
      { name: "floor", process: floor, many: over(wireTo(floorPort)) },
      { name: "server", process: served, many: over(wire) },
      ...each
    ],
    further: (way) => inProcess(way, stripeShop, way),
    startUp: async () => {
      const began = performance.now()
      const further = start({ ...server, env: serverEnvironment(origin), probe: false })
      const [, port = ""] = await further.prints(listening)
      await load.ask("once", wireTo(port))
      const took = performance.now() - began
      await further.end()
      return took
    },
    end: async () => {
      await Promise.all([floor, ...each.map(({ process }) => process)].map(({ end }) => end()))
      await end()
    }
  }
}
