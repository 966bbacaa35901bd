import type { PaymentIntent, PaymentMethod } from "./Objects.ts"

/** The error object of a Stripe reply (docs.stripe.com/api/errors). */
export interface StripeError {
  readonly type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error"
  readonly code?: string
  readonly message: string
  readonly param?: string
  readonly decline_code?: string
  readonly advice_code?: string
  readonly network_advice_code?: string
  readonly network_decline_code?: string
  readonly charge?: string
  readonly payment_intent?: PaymentIntent
  readonly payment_method?: PaymentMethod
  readonly doc_url?: string
}

/** An answer that is not the object asked for: HTTP status, error, and whether an idempotency key keeps it. */
export class Refusal {
  readonly status: number
  readonly error: StripeError
  /** False where Stripe answers before it begins to execute: authentication, rate limits, invalid parameters. */
  readonly stored: boolean

  constructor(status: number, error: StripeError, stored: boolean) {
    this.status = status
    this.error = error.code === undefined ? error : { ...error, doc_url: documentation(error.code) }
    this.stored = stored
  }
}

/** Where an error code is described. */
export const documentation = (code: string): string =>
  `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`

interface Details {
  readonly code?: string
  readonly param?: string
}

/** 400 for parameters refused before anything was executed. */
export const invalid = (message: string, details: Details = {}): Refusal =>
  new Refusal(400, { type: "invalid_request_error", message, ...details }, false)

/** 400 for a request that makes no sense in the object's present state. */
export const conflict = (
  message: string,
  details: Details & { readonly payment_intent?: PaymentIntent } = {}
): Refusal => new Refusal(400, { type: "invalid_request_error", message, ...details }, true)

/** For an id that this account does not have: 404 when it was in the path, 400 when it was a parameter. */
export const missing = (status: 400 | 404, what: string, id: string, param: string): Refusal =>
  new Refusal(
    status,
    {
      type: "invalid_request_error",
      code: "resource_missing",
      message: `There is no ${what} with the id ${id}.`,
      param
    },
    true
  )

/** 401 for a key that is absent, foreign or expired. */
export const unauthorized = (message: string, code?: string): Refusal =>
  new Refusal(401, { type: "invalid_request_error", message, ...(code === undefined ? {} : { code }) }, false)

/** 402 for a card that was refused before any charge was made with it. */
export const badCard = (code: string, message: string, param: string, decline?: string): Refusal =>
  new Refusal(
    402,
    { type: "card_error", code, message, param, ...(decline === undefined ? {} : { decline_code: decline }) },
    true
  )
