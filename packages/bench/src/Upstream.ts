import { createServer, type Socket } from "node:net"
import { answer } from "./Answering.ts"
import { paymentIntent } from "./PaymentIntent.ts"
import { adyenPayment, paypalOrder, paypalToken } from "./Replies.ts"

/**
 * The processors' stand-in: it answers every POST with the same payment, at once unless told otherwise, and counts them; access tokens it gives
 * uncounted. It speaks just enough HTTP/1.1 for that, so that the core it shares with the load is not the one that sets
 * the pace.
 */

const replyOf = (value: object): Buffer => {
  const body = Buffer.from(JSON.stringify(value))
  const head = [
    "HTTP/1.1 200 OK",
    "content-type: application/json",
    `content-length: ${body.length}`,
    "request-id: req_bench",
    "",
    ""
  ]
  return Buffer.concat([Buffer.from(head.join("\r\n")), body])
}

interface Answer {
  readonly reply: Buffer
  readonly counts: boolean
}
const stripe: Answer = { reply: replyOf(paymentIntent), counts: true }
/** By the path's beginning; any other is Stripe's. */
const others: ReadonlyArray<readonly [path: string, answer: Answer]> = [
  ["POST /adyen/", { reply: replyOf(adyenPayment), counts: true }],
  ["POST /paypal/v2/", { reply: replyOf(paypalOrder), counts: true }],
  ["POST /paypal/v1/oauth2/token", { reply: replyOf(paypalToken), counts: false }]
]
const answerTo = (request: Buffer): Answer => {
  const begins = request.toString("latin1", 0, 40)
  return others.find(([path]) => begins.startsWith(path))?.[1] ?? stripe
}

const endOfHead = Buffer.from("\r\n\r\n")
const contentLength = /\r\ncontent-length: *(\d+)/i

let count = 0
/** How long an answer takes, in milliseconds. */
let delay = 0
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
      const { counts, reply } = answerTo(taken.request)
      if (counts) count += 1
      latest = taken.request
      received = taken.rest
      if (delay === 0) socket.write(reply)
      else setTimeout(() => socket.write(reply), delay)
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
  /** Answers take so many milliseconds from now on. */
  takes: (millis: number) => {
    delay = millis
  },
  /** How many requests came so far. */
  count: () => count,
  /** The latest request, byte for byte. */
  latest: (): Uint8Array => Uint8Array.from(latest)
}
/** The questions of the upstream. */
export type Upstream = typeof questions

answer(questions)
