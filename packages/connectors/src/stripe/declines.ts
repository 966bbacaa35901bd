import { type Decline, type DeclineCode, decline } from "@connector-service/domain/Decline"
import { table } from "../Table.ts"
import type { Problem } from "./wire.ts"

/** Stripe's decline codes and error codes of refusals (docs.stripe.com/declines/codes, docs.stripe.com/error-codes). */
const codes = table<DeclineCode>({
  approve_with_id: "CALL_ISSUER",
  authentication_not_handled: "AUTHENTICATION_REQUIRED",
  authentication_required: "AUTHENTICATION_REQUIRED",
  call_issuer: "CALL_ISSUER",
  card_declined: "DO_NOT_HONOR",
  card_not_supported: "CARD_NOT_SUPPORTED",
  card_velocity_exceeded: "LIMIT_EXCEEDED",
  card_decline_rate_limit_exceeded: "LIMIT_EXCEEDED",
  currency_not_supported: "CURRENCY_NOT_SUPPORTED",
  do_not_honor: "DO_NOT_HONOR",
  do_not_try_again: "BLOCKED",
  duplicate_transaction: "DUPLICATE_TRANSACTION",
  expired_card: "EXPIRED_CARD",
  fraudulent: "SUSPECTED_FRAUD",
  generic_decline: "DO_NOT_HONOR",
  incorrect_address: "INCORRECT_ADDRESS",
  incorrect_cvc: "INCORRECT_CVC",
  incorrect_number: "INVALID_NUMBER",
  incorrect_pin: "INCORRECT_PIN",
  incorrect_zip: "INCORRECT_ADDRESS",
  insufficient_funds: "INSUFFICIENT_FUNDS",
  invalid_account: "INVALID_ACCOUNT",
  invalid_amount: "INVALID_AMOUNT",
  invalid_cvc: "INCORRECT_CVC",
  invalid_expiry_month: "INVALID_EXPIRY",
  invalid_expiry_year: "INVALID_EXPIRY",
  invalid_number: "INVALID_NUMBER",
  invalid_pin: "INCORRECT_PIN",
  issuer_not_available: "ISSUER_UNAVAILABLE",
  lost_card: "LOST_CARD",
  merchant_blacklist: "BLOCKED",
  mobile_device_authentication_required: "AUTHENTICATION_REQUIRED",
  new_account_information_available: "INVALID_ACCOUNT",
  no_action_taken: "DO_NOT_HONOR",
  not_permitted: "TRANSACTION_NOT_PERMITTED",
  offline_pin_required: "INCORRECT_PIN",
  online_or_offline_pin_required: "INCORRECT_PIN",
  payment_intent_authentication_failure: "AUTHENTICATION_FAILED",
  payment_intent_payment_attempt_expired: "AUTHENTICATION_FAILED",
  payment_intent_payment_attempt_failed: "DO_NOT_HONOR",
  payment_method_customer_decline: "AUTHENTICATION_FAILED",
  payment_method_not_available: "ISSUER_UNAVAILABLE",
  payment_method_provider_decline: "DO_NOT_HONOR",
  payment_method_provider_timeout: "TRY_AGAIN_LATER",
  pickup_card: "PICK_UP_CARD",
  pin_try_exceeded: "PIN_TRIES_EXCEEDED",
  processing_error: "PROCESSING_ERROR",
  reenter_transaction: "PROCESSING_ERROR",
  restricted_card: "RESTRICTED_CARD",
  revocation_of_all_authorizations: "STOPPED_BY_PAYER",
  revocation_of_authorization: "STOPPED_BY_PAYER",
  security_violation: "TRANSACTION_NOT_PERMITTED",
  service_not_allowed: "TRANSACTION_NOT_PERMITTED",
  stolen_card: "STOLEN_CARD",
  stop_payment_order: "STOPPED_BY_PAYER",
  testmode_decline: "TEST_CARD",
  transaction_not_allowed: "TRANSACTION_NOT_PERMITTED",
  try_again_later: "TRY_AGAIN_LATER",
  withdrawal_count_limit_exceeded: "LIMIT_EXCEEDED",

  // "Local payment method decline codes", and BLIK's since API version 2026-09-30
  code_expired: "AUTHENTICATION_FAILED",
  code_invalid: "AUTHENTICATION_FAILED",
  compliance_violation: "TRANSACTION_NOT_PERMITTED",
  customer_declined: "AUTHENTICATION_FAILED",
  expired_payment_information: "EXPIRED_CARD",
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

  // docs.stripe.com/payments/sepa-debit, "Failed payments"
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
  invalid_account_number: "INVALID_ACCOUNT",
  recipient_deceased: "INVALID_ACCOUNT",
  refer_to_customer: "CALL_ISSUER"
})

/** What `advice_code` says to do, over what the code alone would (docs.stripe.com/declines/card). */
const advice = table<Pick<Decline, "kind" | "action">>({
  confirm_card_data: { kind: "SOFT", action: "CORRECT_DETAILS" },
  do_not_try_again: { kind: "HARD", action: "DO_NOT_RETRY" },
  try_again_later: { kind: "SOFT", action: "RETRY_LATER" }
})

/** Why Stripe, or the issuer through it, refused. */
export const toDecline = (problem: typeof Problem.Type): Decline => {
  const rawCode = problem.decline_code ?? problem.code ?? problem.type ?? ""
  return {
    ...decline(codes(rawCode) ?? codes(problem.code), {
      rawCode,
      rawMessage: problem.message ?? undefined,
      networkDeclineCode: problem.network_decline_code ?? undefined,
      networkAdviceCode: problem.network_advice_code ?? undefined
    }),
    ...advice(problem.advice_code)
  }
}
