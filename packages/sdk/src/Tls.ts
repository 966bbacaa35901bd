import type { ClientOptions } from "./Options.ts"

/** How the server is known and, where it asks, how it knows the client. PEM texts. */
export interface Tls {
  /** Authorities to trust; the system's where absent. */
  readonly rootCerts?: string | Buffer | undefined
  /** The client's own key, for mutual TLS; `certChain` goes with it. */
  readonly privateKey?: string | Buffer | undefined
  /** The client's own certificate chain, for mutual TLS. */
  readonly certChain?: string | Buffer | undefined
  /** The name to expect in the server's certificate, where it is not the address's host. */
  readonly serverName?: string | undefined
}

/** How to connect, and how calls go. */
export interface ConnectOptions extends ClientOptions {
  /**
   * `true` trusts the system's authorities, `false` sends everything unencrypted. Must be given unless the address is a
   * loopback address, which is unencrypted if absent, or says itself that it is protected, as https:// does.
   */
  readonly tls?: boolean | Tls | undefined
}

/** Whether a host is this very machine, so that what is sent to it passes no network. */
export const isLoopback = (host: string | undefined): boolean =>
  host === undefined || host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host)
