import { toDecline } from "@connector-service/connectors/stripe/declines"
import type { DeclineCode } from "@connector-service/domain/Decline"
import { declines } from "@connector-service/domain/Decline"
import { describe, expect, it } from "vitest"

/** docs.stripe.com/declines/codes: every code, and by its description and next steps what it is in our words. */
const published: Readonly<Record<string, DeclineCode>> = {
  authentication_not_handled: "AUTHENTICATION_REQUIRED",
  authentication_required: "AUTHENTICATION_REQUIRED",
  approve_with_id: "CALL_ISSUER",
  call_issuer: "CALL_ISSUER",
  card_not_supported: "CARD_NOT_SUPPORTED",
  card_velocity_exceeded: "LIMIT_EXCEEDED",
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
  new_account_information_available: "INVALID_ACCOUNT",
  no_action_taken: "DO_NOT_HONOR",
  not_permitted: "TRANSACTION_NOT_PERMITTED",
  offline_pin_required: "INCORRECT_PIN",
  online_or_offline_pin_required: "INCORRECT_PIN",
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
}

/** docs.stripe.com/declines/codes: codes that Stripe asks not to reveal to the payer. */
const discreet = ["fraudulent", "lost_card", "merchant_blacklist", "stolen_card"]

describe("Stripe's decline codes", () => {
  it.each(Object.entries(published))("%s is %s", (rawCode, code) => {
    const { action, kind, payerMessage } = declines[code]
    expect(toDecline({ type: "card_error", code: "card_declined", decline_code: rawCode })).toEqual({
      code,
      kind,
      action,
      payerMessage,
      rawCode
    })
  })

  it.each(discreet)("%s is told to the payer as any other refusal is", (rawCode) => {
    const { payerMessage } = toDecline({ type: "card_error", code: "card_declined", decline_code: rawCode })
    expect(payerMessage).toBe(declines.UNRECOGNIZED.payerMessage)
  })
})
