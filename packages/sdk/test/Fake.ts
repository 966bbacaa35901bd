import {
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream
} from "node:http2"
import { ConnectorError } from "@connector-service/proto/payments/v1/errors"
import { Any } from "nice-grpc-error-details"
import { Status } from "nice-grpc-error-details/lib/proto/google/rpc/status.js"

/** A request as the wire brought it. */
export interface Seen {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** The protobuf message without gRPC's five-byte prefix. */
  readonly message: Buffer
}

/** What the server does with a request. */
export type Behaviour = (stream: ServerHttp2Stream, seen: Seen) => void

const head = { ":status": 200, "content-type": "application/grpc" }

/** Ends a call with a status: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md "Trailers-Only". */
export const status =
  (code: number, message = "", details?: Uint8Array): Behaviour =>
  (stream) =>
    stream.respond(
      {
        ...head,
        "grpc-status": String(code),
        "grpc-message": encodeURIComponent(message),
        ...(details === undefined ? {} : { "grpc-status-details-bin": Buffer.from(details).toString("base64") })
      },
      { endStream: true }
    )

/** Answers with a message: the prefix is one byte "not compressed" and four bytes of length (same document). */
export const answer =
  (message: Uint8Array): Behaviour =>
  (stream) => {
    const prefix = Buffer.alloc(5)
    prefix.writeUInt32BE(message.length, 1)
    stream.respond(head, { waitForTrailers: true })
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }))
    stream.end(Buffer.concat([prefix, message]))
  }

/** Ends a call with the service's own account of why. */
export const explained = (code: number, reason: NonNullable<ConnectorError["reason"]>): Behaviour => {
  const detail = ConnectorError.fromPartial({ connector: "stripe", flow: "payment.capture" })
  const value = ConnectorError.encode({ ...detail, reason }).finish()
  // google.rpc.Status: https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto
  const details = [
    Any.fromPartial({ typeUrl: "type.googleapis.com/google.rpc.ErrorInfo" }),
    Any.fromPartial({ typeUrl: "type.googleapis.com/payments.v1.ConnectorError", value: Buffer.from(value) })
  ]
  return status(code, "words", Status.encode(Status.fromPartial({ code, message: "words", details })).finish())
}

/** Ends a call with status OK and no message. */
export const nothing: Behaviour = status(0)

/** Cuts the connection. */
export const cut: Behaviour = (stream) => stream.session?.socket.destroy()

/** Resets the stream with an HTTP/2 error code (RFC 9113 §7). */
export const resetWith =
  (code: number): Behaviour =>
  (stream) =>
    stream.close(code)

/** Never answers. */
export const hang: Behaviour = () => {}

/** A gRPC server made by hand on node:http2, so that it can also misbehave. */
export const startFake = async (behaviour: Behaviour, tls?: SecureServerOptions) => {
  const seen: Array<Seen> = []
  const sessions = new Set<ServerHttp2Session>()
  let behave = behaviour
  let arrived = () => {}
  const server = tls === undefined ? createServer() : createSecureServer(tls)
  server.on("session", (session) => {
    sessions.add(session)
    session.on("close", () => sessions.delete(session))
    session.on("error", () => {})
  })
  server.on("stream", (stream, headers) => {
    const chunks: Array<Buffer> = []
    stream.on("error", () => {})
    stream.on("data", (chunk: Buffer) => chunks.push(chunk))
    stream.on("end", () => {
      const request = { path: String(headers[":path"]), headers, message: Buffer.concat(chunks).subarray(5) }
      seen.push(request)
      arrived()
      behave(stream, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const bound = server.address()
  const at = typeof bound === "object" && bound !== null ? bound.port : 0
  return {
    address: `127.0.0.1:${at}`,
    seen,
    /** Does something else from now on. */
    become: (next: Behaviour) => {
      behave = next
    },
    /** Resolves when the next request has come in whole. */
    next: () =>
      new Promise<void>((resolve) => {
        arrived = resolve
      }),
    close: () =>
      new Promise<void>((resolve) => {
        for (const session of sessions) session.destroy()
        server.close(() => resolve())
      })
  }
}
/** A running hand-made server. */
export type Fake = Awaited<ReturnType<typeof startFake>>
