import { errors } from "undici"

/** Where a connection was to go. */
export interface Place {
  readonly host: string
  readonly address: string
  readonly port: number
}

type Fields = Readonly<Record<string, unknown>>
const nodeError = (message: string, fields: Fields): Error => Object.assign(new Error(message), fields)

/** Node's own numbers on Linux (nodejs.org/api/os.html, os.constants.errno; libuv's for names). */
const errno = { ECONNREFUSED: -111, ECONNRESET: -104, EAI_AGAIN: -3001, ENOTFOUND: -3008 }

/**
 * Errors as the client on real sockets gives them, field by field: the tests compare each of them with the one that a
 * real socket makes.
 */
export const broken = {
  unresolved: ({ host }: Place, code: "ENOTFOUND" | "EAI_AGAIN" = "ENOTFOUND"): Error =>
    nodeError(`getaddrinfo ${code} ${host}`, { errno: errno[code], code, syscall: "getaddrinfo", hostname: host }),
  refused: ({ address, port }: Place): Error =>
    nodeError(`connect ECONNREFUSED ${address}:${port}`, {
      errno: errno.ECONNREFUSED,
      code: "ECONNREFUSED",
      syscall: "connect",
      address,
      port
    }),
  expired: (): Error => nodeError("certificate has expired", { code: "CERT_HAS_EXPIRED" }),
  selfSigned: (): Error =>
    nodeError(
      "self-signed certificate; if the root CA is installed locally, try running Node.js with --use-system-ca",
      { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }
    ),
  connectTimeout: ({ address, port }: Place, millis: number): Error =>
    new errors.ConnectTimeoutError(
      `Connect Timeout Error (attempted address: ${address}:${port}, timeout: ${millis}ms)`
    ),
  reset: (): Error => nodeError("read ECONNRESET", { errno: errno.ECONNRESET, code: "ECONNRESET", syscall: "read" }),
  /** The other side ended the connection, before its reply or in its middle. */
  closed: ({ address, port }: Place): Error =>
    new errors.SocketError("other side closed", {
      localAddress: "10.0.0.1",
      localPort: 40_000,
      remoteAddress: address,
      remotePort: port,
      remoteFamily: "IPv4",
      timeout: undefined,
      bytesWritten: 0,
      bytesRead: 0
    } as never)
}
