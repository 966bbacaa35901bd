import { Server, ServerCredentials } from "@grpc/grpc-js"
import { Pool } from "undici"
import { answer } from "./Answering.ts"

/** What the floor is told: the request it posts and the message it answers with. */
export interface FloorSettings {
  /** "http://127.0.0.1:1234" */
  readonly origin: string
  /** The method's full path, "/package.Service/Method". */
  readonly method: string
  readonly path: string
  readonly headers: ReadonlyArray<string>
  readonly body: Uint8Array
  readonly answer: Uint8Array
}

const asIs = (bytes: Buffer): Buffer => bytes

/** The least a gRPC server in front of a processor does: post, parse, answer. */
const listen = ({ answer, body, headers, method, origin, path }: FloorSettings): Promise<number> => {
  const pool = new Pool(origin, { allowH2: false, pipelining: 1 })
  const sent = Buffer.from(body)
  const answered = Buffer.from(answer)
  const server = new Server()
  const authorize = {
    path: method,
    requestStream: false,
    responseStream: false,
    requestDeserialize: asIs,
    requestSerialize: asIs,
    responseDeserialize: asIs,
    responseSerialize: asIs
  }
  server.addService(
    { authorize },
    {
      authorize: (_call: unknown, respond: (error: Error | null, answer?: Buffer) => void) => {
        pool
          .request({ method: "POST", path, headers: [...headers], body: sent })
          .then((response) => response.body.text())
          .then((text) => {
            const intent: unknown = JSON.parse(text)
            respond(intent === null ? new Error("no payment") : null, answered)
          })
          .catch(respond)
      }
    }
  )
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error)
    )
  )
}

const questions = { listen }
/** The questions of the floor. */
export type Floor = typeof questions

answer(questions)
