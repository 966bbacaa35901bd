import { toDecline } from "@connector-service/connectors/stripe/declines"
import type { DeclineCode } from "@connector-service/domain/Decline"
import { declines } from "@connector-service/domain/Decline"
import { describe, expect, it } from "vitest"

/** docs.stripe.com/declines/codes, "Local payment method decline codes"; changelog of 2026-09-30, BLIK. */
const local: Readonly<Record<string, DeclineCode>> = {
  code_expired: "AUTHENTICATION_FAILED",
  code_invalid: "AUTHENTICATION_FAILED",
  compliance_violation: "TRANSACTION_NOT_PERMITTED",
  currency_not_supported: "CURRENCY_NOT_SUPPORTED",
  customer_declined: "AUTHENTICATION_FAILED",
  duplicate_transaction: "DUPLICATE_TRANSACTION",
  expired_card: "EXPIRED_CARD",
  expired_payment_information: "EXPIRED_CARD",
  insufficient_funds: "INSUFFICIENT_FUNDS",
  invalid_amount: "INVALID_AMOUNT",
  invalid_authorization: "STOPPED_BY_PAYER",
  invalid_billing_agreement: "INVALID_ACCOUNT",
  invalid_business_account: "TRANSACTION_NOT_PERMITTED",
  invalid_customer_account: "INVALID_ACCOUNT",
  invalid_payment_information: "INVALID_ACCOUNT",
  partner_generic_decline: "DO_NOT_HONOR",
  partner_high_risk_customer: "SUSPECTED_FRAUD",
  partner_payment_not_found: "PROCESSING_ERROR",
  payment_disputed: "DO_NOT_HONOR",
  payment_limit_exceeded: "LIMIT_EXCEEDED",
  processing_error: "PROCESSING_ERROR"
}

/** Error codes: docs.stripe.com/payments/sepa-debit, "Failed payments"; docs.stripe.com/error-codes. */
const errors: Readonly<Record<string, DeclineCode>> = {
  account_closed: "INVALID_ACCOUNT",
  authorization_revoked: "STOPPED_BY_PAYER",
  bank_account_restricted: "TRANSACTION_NOT_PERMITTED",
  branch_does_not_exist: "INVALID_ACCOUNT",
  charge_exceeds_source_limit: "LIMIT_EXCEEDED",
  charge_exceeds_weekly_limit: "LIMIT_EXCEEDED",
  debit_authorization_not_match: "TRANSACTION_NOT_PERMITTED",
  debit_disputed: "STOPPED_BY_PAYER",
  debit_not_authorized: "TRANSACTION_NOT_PERMITTED",
  generic_could_not_process: "DO_NOT_HONOR",
  incorrect_account_holder_name: "INVALID_ACCOUNT",
  insufficient_funds: "INSUFFICIENT_FUNDS",
  invalid_account_number: "INVALID_ACCOUNT",
  payment_intent_payment_attempt_expired: "AUTHENTICATION_FAILED",
  payment_intent_payment_attempt_failed: "DO_NOT_HONOR",
  payment_method_customer_decline: "AUTHENTICATION_FAILED",
  payment_method_not_available: "ISSUER_UNAVAILABLE",
  payment_method_provider_decline: "DO_NOT_HONOR",
  payment_method_provider_timeout: "TRY_AGAIN_LATER",
  recipient_deceased: "INVALID_ACCOUNT",
  refer_to_customer: "CALL_ISSUER"
}

describe("refusals of payment methods beyond cards", () => {
  it.each(Object.entries(local))("the decline code %s is %s", (rawCode, code) => {
    const problem = { code: "payment_method_provider_decline", decline_code: rawCode }
    expect(toDecline(problem)).toMatchObject({ code, rawCode, kind: declines[code].kind })
  })

  it.each(Object.entries(errors))("the error code %s is %s", (rawCode, code) => {
    expect(toDecline({ type: "invalid_request_error", code: rawCode })).toMatchObject({ code, rawCode })
  })
})
