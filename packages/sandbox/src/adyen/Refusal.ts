import { newPspReference } from "./State.ts"

/** The body of an Adyen error (the published `ServiceError`). */
export interface ServiceError {
  readonly status: number
  readonly errorCode: string
  readonly message: string
  readonly errorType: "configuration" | "internal" | "security" | "validation"
  readonly pspReference?: string
}

/** An answer that is not what was asked for. */
export class Refusal {
  readonly error: ServiceError
  /** Sent as the header `transient-error: true`: the same request may be sent again with the same key. */
  readonly transient: boolean
  /** An idempotency key keeps the answer; not so where Adyen answers before it looks at the request's content. */
  readonly stored: boolean

  constructor(error: ServiceError, kept: { readonly transient?: boolean; readonly stored?: boolean } = {}) {
    this.error = error
    this.transient = kept.transient ?? false
    this.stored = kept.stored ?? true
  }
}

/** 422 for content that Adyen refuses at once (docs.adyen.com/development-resources/error-codes). */
export const invalid = (errorCode: string, message: string): Refusal =>
  new Refusal({ status: 422, errorCode, message, errorType: "validation", pspReference: newPspReference() })

/** 400 for a body that does not have the published structure. */
export const malformed = (message: string): Refusal =>
  new Refusal({ status: 400, errorCode: "702", message, errorType: "validation" }, { stored: false })

/** 401 for an absent or wrong API key (the published example). */
export const unauthorized = (): Refusal =>
  new Refusal(
    { status: 401, errorCode: "000", message: "HTTP Status Response - Unauthorized", errorType: "security" },
    { stored: false }
  )

/** 403 for a merchant account that the key may not use (the published example). */
export const foreignAccount = (): Refusal =>
  new Refusal(
    {
      status: 403,
      errorCode: "901",
      message: "Invalid Merchant Account",
      errorType: "security",
      pspReference: newPspReference()
    },
    { stored: false }
  )

/** 404 for a path that is not an endpoint. */
export const noEndpoint = (method: string, path: string): Refusal =>
  new Refusal(
    { status: 404, errorCode: "000", message: `There is no ${method} ${path}.`, errorType: "validation" },
    { stored: false }
  )

/** 500 for a payment method that the account does not have (the published example). */
export const unsupported = (): Refusal =>
  new Refusal({
    status: 500,
    errorCode: "905",
    message: "Payment details are not supported",
    errorType: "configuration",
    pspReference: newPspReference()
  })

/** 422 for a modification of a payment that the merchant account does not have. */
export const unknownPayment = (): Refusal =>
  new Refusal({
    status: 422,
    errorCode: "167",
    message: "Original pspReference required for this operation",
    errorType: "validation"
  })

/**
 * 422 for what is running, or for details that were submitted before (docs.adyen.com/development-resources/api-idempotency;
 * github.com/odoo/odoo/pull/287020 for the latter). Only of what is running can the outcome be had by sending again.
 */
export const alreadyInProgress = (running: boolean): Refusal =>
  new Refusal(
    {
      status: 422,
      errorCode: "704",
      message: "request already processed or in progress",
      errorType: "validation"
    },
    { transient: running, stored: !running }
  )
