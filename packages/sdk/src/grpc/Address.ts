import { type ChannelCredentials, type ChannelOptions, credentials } from "@grpc/grpc-js"
import { isLoopback, type Tls } from "../Tls.ts"

/** Where to connect, and how it is protected. */
export interface Address {
  /** What gRPC resolves: "127.0.0.1:50051". */
  readonly name: string
  readonly credentials: ChannelCredentials
  readonly options: ChannelOptions
}

const shape = /^(?:unix:[^\s]+|(?:\[(?<six>[0-9A-Fa-f:.]+)\]|(?<host>[A-Za-z0-9._-]+)):(?<port>\d{1,5}))$/

const buffer = (pem: string | Buffer | undefined): Buffer | null => (pem === undefined ? null : Buffer.from(pem))

/**
 * Reads "host:port", "[::1]:port" or "unix:/path". Unprotected unless told otherwise to a loopback address only; to any
 * other, `tls` must be given. Throws a TypeError that says so.
 */
export const address = (name: string, tls: boolean | Tls | undefined): Address => {
  const match = shape.exec(name)
  const { host, port, six } = match?.groups ?? {}
  if (match === null || (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))) {
    throw new TypeError(
      "connect: the address must be host:port, such as 127.0.0.1:50051 or [::1]:50051, or unix:/path."
    )
  }
  if (tls === undefined && !isLoopback(six ?? host)) {
    throw new TypeError(
      `connect: ${name} is not a loopback address, so say how it is protected: { tls: true }, { tls: { rootCerts } }, ` +
        "or { tls: false } to send card numbers and credentials unencrypted."
    )
  }
  if (tls === undefined || tls === false) {
    // what is not encrypted goes to the address itself, never to a proxy named in the environment
    return { name, credentials: credentials.createInsecure(), options: { "grpc.enable_http_proxy": 0 } }
  }
  const { certChain, privateKey, rootCerts, serverName } = tls === true ? ({} as Tls) : tls
  return {
    name,
    credentials: credentials.createSsl(buffer(rootCerts), buffer(privateKey), buffer(certChain)),
    options:
      serverName === undefined
        ? {}
        : { "grpc.ssl_target_name_override": serverName, "grpc.default_authority": serverName }
  }
}
