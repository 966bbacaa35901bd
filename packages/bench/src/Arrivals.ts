import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from "node:http2"
import { status } from "@grpc/grpc-js"
import { answer } from "./Answering.ts"
import type { Wire } from "./Load.ts"

/** Calls that come when they come, whether or not earlier ones were answered. */
export interface Arriving extends Wire {
  readonly perSecond: number
  readonly millis: number
  /** What an accepted call is answered. */
  readonly expected: Uint8Array
}

/** What came of them. Latencies are in microseconds, from sending. */
export interface Arrived {
  readonly sent: number
  readonly accepted: Latencies
  readonly refused: Latencies
  /** Calls that were neither answered as expected nor refused as overload. */
  readonly wrong: number
  /** How long after it was due a call was sent: what this process, and not the server, adds. */
  readonly late: Latencies
}

/** How many, and how long they took. */
export interface Latencies {
  readonly count: number
  readonly all: Float64Array
}

/** So many connections, as of a small fleet of callers. */
const connections = 8

const sessions = new Map<number, ReadonlyArray<ClientHttp2Session>>()

const sessionsOf = (port: number): ReadonlyArray<ClientHttp2Session> => {
  const known = sessions.get(port)
  if (known !== undefined) return known
  const fresh = Array.from({ length: connections }, () => connect(`http://127.0.0.1:${port}`))
  sessions.set(port, fresh)
  return fresh
}

/** A message as gRPC puts it on the wire: not compressed, its length, its bytes. */
const framed = (message: Uint8Array): Buffer => {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

type Ending = "accepted" | "refused" | "wrong"

/**
 * How one call ends. It is Node's http2 without a gRPC client, which takes the shared core more than the server's answer
 * to a refusal takes the server's: then what is measured would be this process.
 */
const call = (
  session: ClientHttp2Session,
  headers: Readonly<Record<string, string>>,
  sent: Buffer,
  wanted: Buffer,
  ended: (ending: Ending) => void
): void => {
  const stream = session.request(headers)
  let message: Buffer | undefined
  let code: string | undefined
  const told = (headers: IncomingHttpHeaders): void => {
    code = headers["grpc-status"] as string | undefined
  }
  stream.on("response", told)
  stream.on("trailers", told)
  stream.on("data", (piece: Buffer) => {
    message = message === undefined ? piece : Buffer.concat([message, piece])
  })
  stream.on("error", () => {
    code = undefined
  })
  stream.on("close", () => {
    if (code === String(status.OK) && message !== undefined && wanted.equals(message)) ended("accepted")
    else ended(code === String(status.RESOURCE_EXHAUSTED) ? "refused" : "wrong")
  })
  stream.end(sent)
}

const latencies = (all: ReadonlyArray<number>): Latencies => ({ count: all.length, all: Float64Array.from(all) })

const questions = {
  /** Calls at random moments (a Poisson process) for so long, and answers when every call has ended. */
  arrive: ({ expected, metadata, method, millis, perSecond, port, request }: Arriving) =>
    new Promise<Arrived>((resolve) => {
      const all = sessionsOf(port)
      const wanted = framed(expected)
      const sent = framed(request)
      const headers = {
        ...metadata,
        [constants.HTTP2_HEADER_METHOD]: "POST",
        [constants.HTTP2_HEADER_PATH]: method,
        "content-type": "application/grpc",
        te: "trailers"
      }
      const accepted: Array<number> = []
      const refused: Array<number> = []
      const late: Array<number> = []
      let wrong = 0
      let underWay = 0
      let over = false
      const finish = () => {
        if (!over || underWay > 0) return
        resolve({
          sent: late.length,
          accepted: latencies(accepted),
          refused: latencies(refused),
          late: latencies(late),
          wrong
        })
      }
      const send = () => {
        const began = performance.now()
        underWay += 1
        const session = all[late.length % connections]
        if (session === undefined) return
        call(session, headers, sent, wanted, (ending) => {
          const took = (performance.now() - began) * 1000
          if (ending === "accepted") accepted.push(took)
          else if (ending === "refused") refused.push(took)
          else wrong += 1
          underWay -= 1
          finish()
        })
      }
      const began = performance.now()
      let due = began
      const tick = () => {
        const now = performance.now()
        while (due <= now && due < began + millis) {
          send()
          late.push((now - due) * 1000)
          due += (-Math.log(1 - Math.random()) * 1000) / perSecond
        }
        over = due >= began + millis
        if (over) finish()
        else setTimeout(tick, 1)
      }
      tick()
    })
}
/** The questions of the arrivals. */
export type Arrivals = typeof questions

answer(questions)
