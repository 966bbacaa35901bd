import { Result } from "effect"
import { type HttpClientRequest, Url } from "effect/http"
import { type ConnectorId, connectors, type Exchanged } from "./Faults.ts"
import type { Delivered } from "./Processors.ts"

type Request = HttpClientRequest.HttpClientRequest

/** Where the processors' addresses end, whatever the region. */
const domains: Readonly<Record<ConnectorId, string>> = {
  stripe: ".stripe.com",
  adyen: ".adyen.com",
  paypal: ".paypal.com"
}

type Row = readonly [method: string, path: RegExp, exchanged: Exchanged]

const routes: Readonly<Record<ConnectorId, ReadonlyArray<Row>>> = {
  stripe: [
    ["POST", /^\/v1\/payment_intents$/, "authorize"],
    ["POST", /\/capture$/, "capture"],
    ["POST", /\/cancel$/, "void"],
    ["POST", /^\/v1\/refunds$/, "refund"],
    ["GET", /^\/v1\/(?:payment_intents|refunds)$/, "list"],
    ["GET", /^/, "read"]
  ],
  adyen: [
    ["POST", /\/payments$/, "authorize"],
    ["POST", /\/payments\/details$/, "complete"],
    ["POST", /\/captures$/, "capture"],
    ["POST", /\/cancels$/, "void"],
    ["POST", /\/reversals$/, "reverse"],
    ["POST", /\/refunds$/, "refund"]
  ],
  paypal: [
    ["POST", /^\/v1\/oauth2\/token$/, "token"],
    ["POST", /\/checkout\/orders$/, "authorize"],
    ["POST", /\/orders\/\w+\/(?:authorize|capture)$/, "complete"],
    ["POST", /\/authorizations\/\w+\/capture$/, "capture"],
    ["POST", /\/void$/, "void"],
    ["POST", /\/refund$/, "refund"],
    ["GET", /^/, "read"]
  ]
}

/** The header that carries the key (the processors' own documentation of idempotent requests). */
const keyHeaders: Readonly<Record<ConnectorId, string>> = {
  stripe: "idempotency-key",
  adyen: "idempotency-key",
  paypal: "paypal-request-id"
}

/** A request, as its processor gets it. */
export interface Routed extends Delivered {
  readonly connector: ConnectorId
  readonly exchanged: Exchanged
  readonly host: string
  readonly key: string | undefined
}

const decoder = new TextDecoder()

/** Where a request goes, and what it is for; undefined where there is no such processor or endpoint. */
export const route = (request: Request): Routed | undefined => {
  const { body, headers, method } = request
  const url = Url.make(request.url, request.urlParams, undefined)
  if (Result.isFailure(url)) return undefined
  const { hostname: host, pathname: path, search } = url.success
  const connector = connectors.find((id) => host.endsWith(domains[id]))
  const row = connector && routes[connector].find(([verb, pattern]) => verb === method && pattern.test(path))
  if (connector === undefined || row === undefined) return undefined
  return {
    connector,
    exchanged: row[2],
    host,
    key: headers[keyHeaders[connector]],
    method,
    path,
    query: search.slice(1),
    headers: {
      ...headers,
      ...("contentType" in body && body.contentType !== undefined ? { "content-type": body.contentType } : {})
    },
    body: body._tag === "Uint8Array" ? decoder.decode(body.body) : ""
  }
}
