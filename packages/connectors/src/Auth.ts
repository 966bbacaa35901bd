import { Redacted } from "effect"
import { HttpClientRequest } from "effect/http"

/** Makes a request the account's own. */
export type Auth<in Credentials> = (
  request: HttpClientRequest.HttpClientRequest,
  credentials: Credentials
) => HttpClientRequest.HttpClientRequest

/** `Authorization: Bearer …` (RFC 6750). */
export const bearer =
  <Credentials>(token: (credentials: Credentials) => Redacted.Redacted<string>): Auth<Credentials> =>
  (request, credentials) =>
    HttpClientRequest.setHeader(request, "authorization", `Bearer ${Redacted.value(token(credentials))}`)
