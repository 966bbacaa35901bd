import { connect, type Socket } from "node:net"
import Stripe from "stripe"
import { answer } from "./Answering.ts"
import { type Stretch, type Tallied, Tally } from "./Tally.ts"

/** Deliveries to be: each an event of its own, signed now by Stripe's own SDK. */
export interface Ordered {
  readonly port: number
  readonly path: string
  readonly secret: string
  /** An event whose id is `evt_0`. */
  readonly event: string
  readonly count: number
}

const { webhooks } = new Stripe("sk_test_bench")

let port = 0
let requests: ReadonlyArray<Buffer> = []
let next = 0

const requestOf = ({ event, path, port, secret }: Ordered, number: number): Buffer => {
  const payload = event.replace("evt_0", `evt_${number}`)
  const signature = webhooks.generateTestHeaderString({ payload, secret })
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    "Accept: */*; q=0.5, application/xml",
    "Cache-Control: no-cache",
    "Content-Type: application/json; charset=utf-8",
    `Stripe-Signature: ${signature}`,
    `Content-Length: ${Buffer.byteLength(payload)}`
  ].join("\r\n")
  return Buffer.from(`${head}\r\n\r\n${payload}`)
}

const request = (): Buffer => {
  next += 1
  return requests[next % requests.length] ?? Buffer.alloc(0)
}

const open = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true }, () => resolve(socket))
    socket.once("error", reject)
  })

/** Keeps one delivery after another under way on a connection, written ahead of time, so that it costs next to nothing. */
const work = async (tally: Tally): Promise<void> => {
  const socket = await open()
  return new Promise((resolve) => {
    let began = tally.begin()
    const send = (): void => {
      began = tally.begin()
      socket.write(request())
    }
    const over = (isRight: boolean): void => {
      if (tally.end(began, isRight) && !socket.destroyed) {
        send()
      } else {
        socket.destroy()
        resolve()
      }
    }
    // an acknowledgement has no body, and comes in one piece
    socket.on("data", (reply: Buffer) => over(reply.toString("latin1", 9, 12) === "200"))
    socket.once("end", () => over(false))
    send()
  })
}

const questions = {
  /** Signs deliveries, for the minutes that their signatures are good for. */
  sign: (ordered: Ordered): void => {
    port = ordered.port
    requests = Array.from({ length: ordered.count }, (_, number) => requestOf(ordered, number))
  },
  /** Keeps so many deliveries under way for so long; each must be acknowledged. */
  many: async (stretch: Stretch): Promise<Tallied> => {
    const tally = new Tally(stretch)
    await Promise.all(Array.from({ length: stretch.concurrency }, () => work(tally)))
    return tally.tallied
  }
}
/** The questions of whoever delivers. */
export type Deliverer = typeof questions

answer(questions)
