import type { Reason } from "@connector-service/domain/Reason"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import type { Conflict, Reply } from "./Reply.ts"

type Request = HttpClientRequest.HttpClientRequest

/** Makes a request the account's own; `token` is the access token of a connector that has one. */
export type Auth<in Credentials> = (
  request: Request,
  credentials: Credentials,
  token?: Redacted.Redacted<string>
) => Request

/** An access token and how long it lasts from when it was asked for. */
export interface Token {
  readonly value: Redacted.Redacted<string>
  readonly lifetime: Duration.Duration
}

/** How an account gets an access token: a request below the base URL, complete with its authorization, and its reply. */
export interface AccessToken<in Credentials> {
  readonly request: (credentials: Credentials) => Request
  readonly response: (reply: Reply, credentials: Credentials) => Effect.Effect<Token, Reason | Conflict>
  /** Reads a reply of 400 to 499. */
  readonly rejection: (reply: Reply) => Effect.Effect<never, Reason | Conflict>
}

const withBearer = (request: Request, token: Redacted.Redacted<string>): Request =>
  HttpClientRequest.setHeader(request, "authorization", `Bearer ${Redacted.value(token)}`)

/** `Authorization: Bearer …` (RFC 6750). */
export const bearer =
  <Credentials>(token: (credentials: Credentials) => Redacted.Redacted<string>): Auth<Credentials> =>
  (request, credentials) =>
    withBearer(request, token(credentials))

/** The same with the connector's access token. */
export const bearerToken: Auth<unknown> = (request, _, token) =>
  token === undefined ? request : withBearer(request, token)

/** A secret in a header of the processor's own. */
export const header =
  <Credentials>(name: string, secret: (credentials: Credentials) => Redacted.Redacted<string>): Auth<Credentials> =>
  (request, credentials) =>
    HttpClientRequest.setHeader(request, name, Redacted.value(secret(credentials)))

/** `Authorization: Basic …` (RFC 7617). */
export const basic =
  <Credentials>(
    user: (credentials: Credentials) => string,
    password: (credentials: Credentials) => Redacted.Redacted<string>
  ): Auth<Credentials> =>
  (request, credentials) =>
    HttpClientRequest.basicAuth(request, user(credentials), Redacted.value(password(credentials)))
