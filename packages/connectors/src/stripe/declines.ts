import { type Decline, type DeclineCode, decline } from "@connector-service/domain/Decline"
import { table } from "../Table.ts"
import type { Problem } from "./wire.ts"

/** Stripe's decline codes and card error codes (docs.stripe.com/declines/codes, docs.stripe.com/error-codes). */
const codes = table<DeclineCode>({
  approve_with_id: "CALL_ISSUER",
  authentication_not_handled: "AUTHENTICATION_REQUIRED",
  authentication_required: "AUTHENTICATION_REQUIRED",
  call_issuer: "CALL_ISSUER",
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
  payment_method_customer_decline: "STOPPED_BY_PAYER",
  payment_method_provider_decline: "DO_NOT_HONOR",
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
  withdrawal_count_limit_exceeded: "LIMIT_EXCEEDED"
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
    ...decline(codes(rawCode), {
      rawCode,
      rawMessage: problem.message ?? undefined,
      networkDeclineCode: problem.network_decline_code ?? undefined,
      networkAdviceCode: problem.network_advice_code ?? undefined
    }),
    ...advice(problem.advice_code)
  }
}
