import { Client, credentials, Metadata, status } from "@grpc/grpc-js"
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

const clients = new Map<number, ReadonlyArray<Client>>()

const clientsOf = (port: number): ReadonlyArray<Client> => {
  const known = clients.get(port)
  if (known !== undefined) return known
  const fresh = Array.from(
    { length: connections },
    () => new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 })
  )
  clients.set(port, fresh)
  return fresh
}

const asIs = (bytes: Buffer): Buffer => bytes

const latencies = (all: ReadonlyArray<number>): Latencies => ({ count: all.length, all: Float64Array.from(all) })

const questions = {
  /** Calls at random moments (a Poisson process) for so long, and answers when every call has ended. */
  arrive: ({ expected, metadata, method, millis, perSecond, port, request }: Arriving) =>
    new Promise<Arrived>((resolve) => {
      const all = clientsOf(port)
      const wanted = Buffer.from(expected)
      const sent = Buffer.from(request)
      const headers = new Metadata()
      for (const [key, value] of Object.entries(metadata)) headers.set(key, value)
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
        all[late.length % connections]?.makeUnaryRequest(method, asIs, asIs, sent, headers, (error, answer) => {
          const took = (performance.now() - began) * 1000
          if (answer !== undefined && wanted.equals(answer)) accepted.push(took)
          else if (error?.code === status.RESOURCE_EXHAUSTED) refused.push(took)
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
