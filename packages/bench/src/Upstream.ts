import { createServer, type Socket } from "node:net"
import { answer } from "./Answering.ts"
import { paymentIntent } from "./PaymentIntent.ts"

/**
 * The processor's stand-in: it answers every POST at once with the same payment, and counts them. It speaks just enough
 * HTTP/1.1 for that, so that the core it shares with the load is not the one that sets the pace.
 */

const body = Buffer.from(JSON.stringify(paymentIntent))
const head = [
  "HTTP/1.1 200 OK",
  "content-type: application/json",
  `content-length: ${body.length}`,
  "request-id: req_bench",
  "",
  ""
]
const reply = Buffer.concat([Buffer.from(head.join("\r\n")), body])

const endOfHead = Buffer.from("\r\n\r\n")
const contentLength = /\r\ncontent-length: *(\d+)/i

let count = 0
let latest: Buffer = Buffer.alloc(0)

/** Takes the first whole request off `received`; undefined while it is not all there. */
const take = (received: Buffer): { readonly request: Buffer; readonly rest: Buffer } | undefined => {
  const end = received.indexOf(endOfHead)
  if (end < 0) return undefined
  const [, length = "0"] = contentLength.exec(received.toString("latin1", 0, end)) ?? []
  const all = end + endOfHead.length + Number(length)
  return received.length < all ? undefined : { request: received.subarray(0, all), rest: received.subarray(all) }
}

const serve = (socket: Socket): void => {
  let received: Buffer = Buffer.alloc(0)
  socket.setNoDelay(true)
  // a client that leaves resets its connection
  socket.on("error", () => socket.destroy())
  socket.on("data", (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    for (let taken = take(received); taken !== undefined; taken = take(received)) {
      count += 1
      latest = taken.request
      received = taken.rest
      socket.write(reply)
    }
  })
}

const server = createServer(serve)

const questions = {
  listen: () =>
    new Promise<number>((resolve, reject) => {
      server.once("error", reject)
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resolve(typeof address === "object" && address !== null ? address.port : 0)
      })
    }),
  /** How many requests came so far. */
  count: () => count,
  /** The latest request, byte for byte. */
  latest: (): Uint8Array => Uint8Array.from(latest)
}
/** The questions of the upstream. */
export type Upstream = typeof questions

answer(questions)
