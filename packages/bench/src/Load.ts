import { Client, credentials, Metadata } from "@grpc/grpc-js"
import { answer } from "./Answering.ts"
import { type Stretch, type Tallied, Tally } from "./Tally.ts"

/** One call, as bytes. */
export interface Wire {
  readonly port: number
  /** The method's full path, "/package.Service/Method". */
  readonly method: string
  readonly metadata: Readonly<Record<string, string>>
  readonly request: Uint8Array
}

/** Many of one call, each of whose answers must be `expected`. */
export interface Wanted extends Wire {
  readonly stretch: Stretch
  readonly expected: Uint8Array
}

const clients = new Map<number, Client>()

const clientOf = (port: number): Client => {
  const known = clients.get(port)
  if (known !== undefined) return known
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 })
  clients.set(port, client)
  return client
}

const asIs = (bytes: Buffer): Buffer => bytes

type Callback = (error: Error | null, answer: Buffer | undefined) => void

const caller = ({ metadata, method, port, request }: Wire): ((callback: Callback) => void) => {
  const client = clientOf(port)
  const sent = Buffer.from(request)
  const headers = new Metadata()
  for (const [key, value] of Object.entries(metadata)) headers.set(key, value)
  return (callback) => client.makeUnaryRequest(method, asIs, asIs, sent, headers, callback)
}

const questions = {
  /** Calls once and gives the answer. */
  once: (wire: Wire) =>
    new Promise<Uint8Array>((resolve, reject) => {
      caller(wire)((error, answer) => (answer === undefined ? reject(error) : resolve(Uint8Array.from(answer))))
    }),
  /** Keeps so many calls under way for so long. */
  many: (wanted: Wanted) =>
    new Promise<Tallied>((resolve) => {
      const call = caller(wanted)
      const expected = Buffer.from(wanted.expected)
      const tally = new Tally(wanted.stretch)
      let working = wanted.stretch.concurrency
      const next = (): void => {
        const began = tally.begin()
        call((_error, answer) => {
          if (tally.end(began, answer !== undefined && expected.equals(answer))) return next()
          working -= 1
          if (working === 0) resolve(tally.tallied)
        })
      }
      for (let index = 0; index < wanted.stretch.concurrency; index++) next()
    })
}
/** The questions of the load. */
export type Load = typeof questions

answer(questions)
