import { decodeForm } from "../Form.ts"
import type { Call, Reply } from "../Processor.ts"
import { randomText } from "../Random.ts"
import { isoNow, now } from "../Surroundings.ts"

// developer.paypal.com, "Rate limiting guideline" of Pix: a token typically lives nine hours.
const lifetimeSeconds = 32_400

const shortLifetimeSeconds = 1

interface Token {
  readonly clientId: string
  readonly expires: number
}

const json = (status: number, value: object): Reply => ({
  status,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(value)
})

const credentialsOf = (authorization: string): readonly [clientId: string, secret: string] => {
  const [scheme = "", encoded = ""] = authorization.split(" ")
  if (scheme.toLowerCase() !== "basic") return ["", ""]
  const decoded = Buffer.from(encoded, "base64").toString("utf8")
  const colon = decoded.indexOf(":")
  return colon < 0 ? ["", ""] : [decoded.slice(0, colon), decoded.slice(colon + 1)]
}

/**
 * The access tokens of `POST /v1/oauth2/token`. Any client id is known here, with any secret that does not begin with
 * `wrong`; one that contains `short` gets tokens that live for a second.
 */
export class Tokens {
  readonly #tokens = new Map<string, Token>()

  /** Answers a request for a token. */
  issue(call: Call): Reply {
    const [clientId, secret] = credentialsOf(call.headers.authorization ?? "")
    if (clientId === "" || secret === "" || secret.startsWith("wrong")) {
      return json(401, { error: "invalid_client", error_description: "Client Authentication failed" })
    }
    if (decodeForm(call.body).grant_type !== "client_credentials") {
      return json(400, {
        error: "unsupported_grant_type",
        error_description: "The grant type must be client_credentials."
      })
    }
    const seconds = clientId.includes("short") ? shortLifetimeSeconds : lifetimeSeconds
    const token = `A21AA${randomText(92)}`
    const at = now()
    for (const [known, { expires }] of this.#tokens) if (expires <= at) this.#tokens.delete(known)
    this.#tokens.set(token, { clientId, expires: at + seconds * 1000 })
    return json(200, {
      scope: "https://uri.paypal.com/services/payments/payment https://uri.paypal.com/services/payments/refund",
      access_token: token,
      token_type: "Bearer",
      app_id: "APP-80W284485P519543T",
      expires_in: seconds,
      nonce: `${isoNow().slice(0, 19)}Z${randomText(43)}`
    })
  }

  /** The client id that a bearer token was issued to; undefined when it is unknown, expired or revoked. */
  clientOf(token: string, now: number): string | undefined {
    const known = this.#tokens.get(token)
    return known === undefined || known.expires <= now ? undefined : known.clientId
  }

  /** Forgets every token. */
  revoke(): void {
    this.#tokens.clear()
  }
}

/** 401 for a token that is not valid: recorded so in github.com/paypal/Checkout-Java-SDK/issues/24, on both GET and POST. */
export const invalidToken = (): Reply =>
  json(401, { error: "invalid_token", error_description: "Access Token not found in cache" })
