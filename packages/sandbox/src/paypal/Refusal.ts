import { descriptionOf, type Place } from "./Issues.ts"

/** One reason of a refusal. `field` is a JSON pointer into the body, or the name of a part of the path. */
export interface Detail {
  readonly issue: string
  readonly field?: string
  readonly value?: string
  readonly location?: "body" | "path" | "query"
}

/** A link to somewhere that helps. */
export interface Link {
  readonly href: string
  readonly rel: string
  readonly method: string
}

/** The HTTP statuses with which PayPal refuses. */
export type Status = 400 | 401 | 404 | 409 | 415 | 422 | 429 | 500

/** An answer that is not the resource asked for. */
export class Refusal {
  readonly status: Status
  readonly details: ReadonlyArray<Detail>
  readonly links: ReadonlyArray<Link>

  constructor(status: Status, details: ReadonlyArray<Detail>, links: ReadonlyArray<Link> = []) {
    this.status = status
    this.details = details
    this.links = links
  }
}

/** 400 for a request that is not well-formed. */
export const invalid = (...details: ReadonlyArray<Detail>): Refusal => new Refusal(400, details)

/** 422 for a request that makes no sense, or not in the present state. */
export const unprocessable = (issue: string, more: Omit<Detail, "issue"> = {}): Refusal =>
  new Refusal(422, [{ issue, ...more }])

/** 404 for an id in the path that this account does not have. */
export const missing = (field: string, value: string): Refusal =>
  new Refusal(404, [{ issue: "INVALID_RESOURCE_ID", field, value, location: "path" }])

/** 409 while an earlier request with the same PayPal-Request-Id runs (409 in the payments file). */
export const inProgress = new Refusal(409, [{ issue: "PREVIOUS_REQUEST_IN_PROGRESS" }])

// The `name` and `message` enums of the published error schemas; for 429: developer.paypal.com, "Rate limiting guidelines".
const names: Record<Status, readonly [name: string, message: string]> = {
  400: ["INVALID_REQUEST", "Request is not well-formed, syntactically incorrect, or violates schema."],
  401: [
    "AUTHENTICATION_FAILURE",
    "Authentication failed due to missing authorization header, or invalid authentication credentials."
  ],
  404: ["RESOURCE_NOT_FOUND", "The specified resource does not exist."],
  409: ["RESOURCE_CONFLICT", "The server has detected a conflict while processing this request."],
  415: ["UNSUPPORTED_MEDIA_TYPE", "The server does not support the request payload's media type."],
  422: [
    "UNPROCESSABLE_ENTITY",
    "The requested action could not be performed, semantically incorrect, or failed business validation."
  ],
  429: ["RATE_LIMIT_REACHED", "Too many requests."],
  500: ["INTERNAL_SERVER_ERROR", "An internal server error occurred."]
}

/** Where each API is documented. */
const pages: Record<Place["api"], string> = { orders: "orders/v2", payments: "payments/v2", vault: "payment-tokens/v3" }

/** The body of a refusal, with the descriptions that the files publish for the place. */
export const errorBody = (refusal: Refusal, place: Place, debugId: string): object => {
  const [name, message] = names[refusal.status]
  const details = refusal.details.map((detail) => {
    const description = descriptionOf(detail.issue, place)
    return description === undefined ? detail : { ...detail, description }
  })
  const about = refusal.details[0]?.issue ?? name
  const information = {
    href: `https://developer.paypal.com/docs/api/${pages[place.api]}/#error-${about}`,
    rel: "information_link",
    method: "GET"
  }
  return {
    name,
    ...(details.length === 0 ? {} : { details }),
    message,
    debug_id: debugId,
    links: [information, ...refusal.links]
  }
}
