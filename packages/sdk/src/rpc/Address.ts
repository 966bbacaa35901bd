import { isLoopback, type Tls } from "../Tls.ts"

/** Where to connect, and how it is protected. */
export interface Address {
  /** "https://payments.example:8443". */
  readonly origin: string
  readonly path: string
  /** What Node's TLS is told; empty where the origin is http://. */
  readonly secured: {
    readonly ca?: string | Buffer
    readonly key?: string | Buffer
    readonly cert?: string | Buffer
    readonly servername?: string
  }
}

/** Where the service answers, unless the URL says otherwise. */
const usualPath = "/rpc"

const securedBy = ({ certChain, privateKey, rootCerts, serverName }: Tls): Address["secured"] => ({
  ...(rootCerts === undefined ? {} : { ca: rootCerts }),
  ...(privateKey === undefined ? {} : { key: privateKey }),
  ...(certChain === undefined ? {} : { cert: certChain }),
  ...(serverName === undefined ? {} : { servername: serverName })
})

/** A URL in parts, if it is one of HTTP that says where and nothing else. What is not may hold a secret, so no text of it is repeated. */
const parts = (text: string): URL | undefined => {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const { hash, password, port, protocol, search, username } = url
  const only = [hash, password, search, username].every((part) => part === "")
  return (protocol === "http:" || protocol === "https:") && port !== "0" && only ? url : undefined
}

/**
 * Reads the URL of the service: its path is /rpc where it has none. http:// is unprotected, so to any address that is
 * not loopback it needs `tls: false`. Throws a TypeError that says so.
 */
export const address = (text: string, tls: boolean | Tls | undefined): Address => {
  const url = parts(text)
  if (url === undefined) {
    throw new TypeError(
      "connect: the address must be a URL, such as http://127.0.0.1:8080 or https://payments.example, without a user, a query or a fragment."
    )
  }
  const { hostname, origin, pathname, protocol } = url
  const isProtected = protocol === "https:"
  if (tls !== undefined && isProtected !== (tls !== false)) {
    throw new TypeError(`connect: ${origin} contradicts tls: https:// is protected, and http:// is not.`)
  }
  if (tls === undefined && !isProtected && !isLoopback(hostname.replace(/^\[|\]$/g, ""))) {
    throw new TypeError(
      `connect: ${origin} is not a loopback address, so use https://, or say { tls: false } to send card numbers and ` +
        "credentials unencrypted."
    )
  }
  return {
    origin,
    path: pathname === "/" ? usualPath : pathname,
    secured: typeof tls === "object" ? securedBy(tls) : {}
  }
}
