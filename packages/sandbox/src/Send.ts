import { type ServerResponse, STATUS_CODES } from "node:http"
import type { Reply } from "./Processor.ts"

const headersOf = (reply: Reply): Record<string, string> => ({
  ...reply.headers,
  "Content-Length": String(Buffer.byteLength(reply.body))
})

/** Sends the whole reply. */
export const send = (response: ServerResponse, reply: Reply): void => {
  response.writeHead(reply.status, headersOf(reply)).end(reply.body)
}

/** Breaks the connection with a TCP RST. */
export const reset = (response: ServerResponse): void => {
  response.socket?.resetAndDestroy()
}

/** Sends the head and the first `bytes` bytes of the body, then ends the connection. */
export const sendCut = (response: ServerResponse, reply: Reply, bytes: number): void => {
  const socket = response.socket
  if (socket === null) return
  // Written by hand because ServerResponse gives no moment at which a part of the body is known to have left.
  const head = [
    `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? ""}`,
    ...Object.entries(headersOf(reply)).map(([name, value]) => `${name}: ${value}`)
  ].join("\r\n")
  socket.write(`${head}\r\n\r\n`)
  socket.end(Buffer.from(reply.body).subarray(0, bytes), () => socket.destroy())
}

/** Sends the head at once and the body in pieces of `bytes` bytes, one every `milliseconds`. */
export const sendSlowly = (response: ServerResponse, reply: Reply, bytes: number, milliseconds: number): void => {
  const body = Buffer.from(reply.body)
  response.writeHead(reply.status, headersOf(reply))
  response.flushHeaders()
  let sent = 0
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + bytes))
    sent += bytes
    if (sent < body.length) return
    clearInterval(timer)
    response.end()
  }, milliseconds)
  response.on("close", () => clearInterval(timer))
}

/** A page such as a proxy in front of a processor sends in its place. */
export const htmlPage = (status: number, title: string): Reply => ({
  status,
  headers: { "Content-Type": "text/html; charset=utf-8" },
  body: `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`
})
