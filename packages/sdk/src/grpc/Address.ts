import { isLoopback, type Tls } from "../Tls.ts"

/** Where to connect, and how it is protected. */
export interface Address {
  /** What gRPC resolves: "127.0.0.1:50051". */
  readonly name: string
  /** Undefined where nothing is encrypted. */
  readonly secured: Secured | undefined
}

/** What gRPC's TLS is told; null is its own default. */
export interface Secured {
  readonly rootCerts: Buffer | null
  readonly privateKey: Buffer | null
  readonly certChain: Buffer | null
  readonly serverName: string | undefined
}

const shape = /^(?:unix:[^\s]+|(?:\[(?<six>[0-9A-Fa-f:.]+)\]|(?<host>[A-Za-z0-9._-]+)):(?<port>\d{1,5}))$/

const buffer = (pem: string | Buffer | undefined): Buffer | null => (pem === undefined ? null : Buffer.from(pem))

/** Throws on a key or a chain that TLS cannot use: gRPC, which would say so, comes only later. */
const securedBy = ({ certChain, privateKey, rootCerts, serverName }: Tls): Secured => {
  if ((certChain === undefined) !== (privateKey === undefined)) {
    throw new TypeError("connect: tls.privateKey and tls.certChain go together.")
  }
  if (certChain !== undefined && privateKey !== undefined) {
    process.getBuiltinModule("node:tls").createSecureContext({ cert: certChain, key: privateKey })
  }
  return { rootCerts: buffer(rootCerts), privateKey: buffer(privateKey), certChain: buffer(certChain), serverName }
}

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
  return { name, secured: tls === undefined || tls === false ? undefined : securedBy(tls === true ? {} : tls) }
}
