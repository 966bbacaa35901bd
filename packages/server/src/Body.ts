import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http"

/** A refusal of a whole request, of which nothing was begun. */
export interface Refused {
  readonly status: number
  /** A line; absent where nothing is told. */
  readonly text?: string
  readonly headers?: OutgoingHttpHeaders
}

/** Answers with a refusal. */
export const refuse = (response: ServerResponse, { headers, status, text }: Refused): void =>
  void (text === undefined
    ? response.writeHead(status, { "content-length": 0, ...headers }).end()
    : response.writeHead(status, { "content-type": "text/plain", ...headers }).end(`${text}\n`))

/** The refusal of a body that is longer than it may be, in bytes. */
export const tooLarge = (limit: number): Refused => ({ status: 413, text: `The body must be at most ${limit} bytes.` })

/** How many times what is taken a body may be before nobody is told that it is too large. */
const patience = 4

/** Reads a body to its end, of which `read` gets nothing if it is larger than `limit`. */
export const readBody = (
  request: IncomingMessage,
  limit: number,
  read: (body: Uint8Array | undefined) => void
): void => {
  let chunks: Array<Buffer> = []
  let size = 0
  request.on("data", (chunk: Buffer) => {
    size += chunk.length
    if (size <= limit) return void chunks.push(chunk)
    chunks = []
    if (size > patience * limit) request.destroy()
  })
  request.on("end", () => read(size <= limit ? Buffer.concat(chunks) : undefined))
}

/** Header fields as they came, one for each time that one was given. */
export const fieldsOf = ({ rawHeaders }: IncomingMessage): ReadonlyArray<readonly [name: string, value: string]> =>
  rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ""] as const] : []))

/** The answers that are not given yet. */
export class Underway {
  readonly #responses = new Set<ServerResponse>()
  #onIdle: (() => void) | undefined

  /** Counts a response until it is given or its connection is closed. */
  add(response: ServerResponse): void {
    this.#responses.add(response)
    response.once("close", () => {
      this.#responses.delete(response)
      if (this.#responses.size === 0) this.#onIdle?.()
    })
  }

  /** Resolves when none is left. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve
      if (this.#responses.size === 0) resolve()
    })
  }
}
