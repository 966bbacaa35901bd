import { Redacted } from "effect"
import type { Read } from "../Table.ts"
import { cardError, charge, error, intent, list, ok, reserved } from "./replies.ts"

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })

/** Statuses of docs.stripe.com/payments/paymentintents/lifecycle. */
export const standings: ReadonlyArray<Read> = [
  {
    name: "succeeded",
    reply: ok(intent()),
    as: {
      paymentId: "pi_1",
      status: "CAPTURED",
      rawStatus: "succeeded",
      final: true,
      reference: "order-1",
      amount: eur(1000n),
      amountAuthorized: eur(1000n),
      amountCaptured: eur(1000n),
      amountRefunded: eur(0n),
      authorizationId: "ch_1",
      nextAction: undefined,
      decline: undefined,
      cardChecks: { cvc: "MATCH", cvcCode: "M" },
      networkTransactionId: "480120101234567",
      paymentMethodId: "pm_1"
    }
  },
  {
    name: "requires_capture",
    reply: ok(reserved()),
    as: {
      status: "AUTHORIZED",
      rawStatus: "requires_capture",
      final: false,
      amountAuthorized: eur(1000n),
      amountCaptured: eur(0n),
      amountRefunded: eur(0n)
    }
  },
  {
    name: "requires_action with a page to go to",
    reply: ok(
      intent({
        status: "requires_action",
        amount_received: 0,
        latest_charge: null,
        next_action: {
          type: "redirect_to_url",
          redirect_to_url: { url: "https://hooks.stripe.com/3d", return_url: "https://shop.example/back" }
        }
      })
    ),
    as: {
      status: "REQUIRES_ACTION",
      final: false,
      nextAction: { _tag: "Redirect", method: "GET", url: "https://hooks.stripe.com/3d", fields: {} }
    }
  },
  {
    name: "requires_action in Stripe's own library",
    reply: ok(
      intent({
        status: "requires_action",
        amount_received: 0,
        latest_charge: null,
        next_action: { type: "use_stripe_sdk", use_stripe_sdk: {} }
      })
    ),
    as: {
      status: "REQUIRES_ACTION",
      final: false,
      nextAction: { _tag: "ClientSdk", clientSecret: Redacted.make("pi_1_secret_2") }
    }
  },
  {
    name: "requires_confirmation",
    reply: ok(intent({ status: "requires_confirmation", amount_received: 0, latest_charge: null })),
    as: { status: "REQUIRES_ACTION", final: false }
  },
  {
    name: "processing",
    reply: ok(intent({ status: "processing", amount_received: 0 })),
    as: { status: "PENDING", final: false }
  },
  {
    name: "requires_payment_method after a refusal",
    reply: ok(
      intent({
        status: "requires_payment_method",
        amount_received: 0,
        latest_charge: null,
        payment_method: null,
        last_payment_error: { type: "card_error", code: "card_declined", decline_code: "do_not_honor" }
      })
    ),
    as: { status: "DECLINED", rawStatus: "requires_payment_method", final: false, decline: { code: "DO_NOT_HONOR" } }
  },
  {
    name: "requires_payment_method with no refusal",
    reply: ok(intent({ status: "requires_payment_method", amount_received: 0, latest_charge: null })),
    as: { status: "REQUIRES_ACTION", final: false, decline: undefined }
  },
  ...(["abandoned", "duplicate", "fraudulent", "requested_by_customer", "failed_invoice", "void_invoice"] as const).map(
    (reason) => ({
      name: `canceled, ${reason}`,
      reply: ok(intent({ status: "canceled", amount_received: 0, cancellation_reason: reason })),
      as: { status: "VOIDED", rawStatus: "canceled", final: true }
    })
  ),
  {
    name: "canceled when it ran out",
    reply: ok(intent({ status: "canceled", amount_received: 0, cancellation_reason: "automatic" })),
    as: { status: "EXPIRED", rawStatus: "canceled", final: true }
  },
  {
    name: "a status of a later day",
    reply: ok(intent({ status: "reviewing" })),
    as: { status: "UNRECOGNIZED", rawStatus: "reviewing", final: false },
    unpublished: "no such status is published"
  },
  ...["constructor", "__proto__", "toString", ""].map((status) => ({
    name: `the status "${status}"`,
    reply: ok(intent({ status })),
    as: { status: "UNRECOGNIZED", rawStatus: status, final: false },
    unpublished: "no such status is published"
  })),
  {
    name: "a charge with all checks failed",
    reply: ok(
      intent({
        latest_charge: charge({
          payment_method_details: {
            type: "card",
            card: {
              exp_month: 8,
              exp_year: 2030,
              checks: { address_line1_check: "fail", address_postal_code_check: "fail", cvc_check: "unchecked" }
            }
          }
        })
      })
    ),
    as: {
      // the letters are Visa's: N, neither matches; P, not processed
      cardChecks: { addressLine: "NO_MATCH", postalCode: "NO_MATCH", cvc: "UNCHECKED", avsCode: "N", cvcCode: "P" }
    }
  },
  {
    name: "a charge that is only named",
    reply: ok(intent({ latest_charge: "ch_9" })),
    as: { status: "CAPTURED", authorizationId: "ch_9", amountRefunded: undefined, cardChecks: undefined }
  },
  {
    name: "less taken than asked",
    reply: ok(intent({ amount: 900, amount_received: 900, latest_charge: charge({ amount: 900 }) })),
    as: {
      _tag: "AmountMismatch",
      asked: eur(1000n),
      found: { _tag: "Payment", payment: { paymentId: "pi_1", amountCaptured: eur(900n) } }
    }
  },
  {
    name: "less reserved than asked",
    reply: ok(reserved({ amount: 900, amount_capturable: 900 })),
    as: { _tag: "AmountMismatch", found: { payment: { status: "AUTHORIZED", amountAuthorized: eur(900n) } } }
  },
  {
    name: "another currency taken",
    reply: ok(intent({ currency: "usd" })),
    as: { _tag: "AmountMismatch", found: { payment: { amountCaptured: { minorUnits: 1000n, currencyCode: "USD" } } } }
  }
]

const declined = (over: object) => ({ status: "DECLINED", paymentId: "", decline: over })
const refused = intent({ status: "requires_payment_method", amount_received: 0, latest_charge: "ch_2" })

/** docs.stripe.com/declines/codes and docs.stripe.com/error-codes. */
export const declines: ReadonlyArray<Read> = [
  {
    name: "declined, with the payment and what the network said",
    reply: cardError({
      decline_code: "insufficient_funds",
      message: "Your card has insufficient funds.",
      advice_code: "try_again_later",
      network_advice_code: "02",
      network_decline_code: "51",
      payment_intent: refused
    }),
    as: {
      paymentId: "pi_1",
      status: "DECLINED",
      final: true,
      rawStatus: "requires_payment_method",
      reference: "order-1",
      decline: {
        code: "INSUFFICIENT_FUNDS",
        kind: "SOFT",
        action: "RETRY_LATER",
        rawCode: "insufficient_funds",
        rawMessage: "Your card has insufficient funds.",
        networkAdviceCode: "02",
        networkDeclineCode: "51"
      }
    }
  },
  {
    name: "refused, while what came of it may still go on",
    reply: cardError({ payment_intent: intent({ status: "processing", amount_received: 0 }) }),
    as: { status: "DECLINED", paymentId: "pi_1", final: false, decline: { code: "DO_NOT_HONOR" } }
  },
  {
    name: "the advice not to try again makes it hard",
    reply: cardError({ decline_code: "generic_decline", advice_code: "do_not_try_again" }),
    as: declined({ code: "DO_NOT_HONOR", kind: "HARD", action: "DO_NOT_RETRY" })
  },
  {
    name: "the advice to check the card",
    reply: cardError({ decline_code: "generic_decline", advice_code: "confirm_card_data" }),
    as: declined({ kind: "SOFT", action: "CORRECT_DETAILS" })
  },
  {
    name: "an advice of a later day changes nothing",
    reply: cardError({ decline_code: "lost_card", advice_code: "constructor" }),
    as: declined({ code: "LOST_CARD", kind: "HARD", action: "DO_NOT_RETRY" })
  },
  {
    name: "declined without a reason",
    reply: cardError({}),
    // docs.stripe.com/error-codes: "The card has been declined"
    as: declined({ code: "DO_NOT_HONOR", rawCode: "card_declined" })
  },
  {
    name: "a decline code of a later day",
    reply: cardError({ decline_code: "card_on_the_moon" }),
    as: declined({ code: "DO_NOT_HONOR", kind: "SOFT", rawCode: "card_on_the_moon" })
  },
  {
    name: "a decline code of a later day, of a card that the code says has expired",
    reply: cardError({ code: "expired_card", decline_code: "card_on_the_moon" }),
    as: declined({ code: "EXPIRED_CARD", rawCode: "card_on_the_moon" })
  },
  {
    name: "an authentication that failed, told as a mistake in the request",
    reply: error(402, {
      type: "invalid_request_error",
      code: "payment_intent_authentication_failure",
      payment_intent: refused
    }),
    as: { status: "DECLINED", paymentId: "pi_1", decline: { code: "AUTHENTICATION_FAILED" } }
  },
  {
    name: "a wrong security code",
    reply: cardError({ code: "incorrect_cvc", param: "cvc" }),
    as: declined({ code: "INCORRECT_CVC", action: "CORRECT_DETAILS", rawCode: "incorrect_cvc" })
  },
  {
    name: "a wrong number",
    reply: cardError({ code: "incorrect_number", param: "number" }),
    as: declined({ code: "INVALID_NUMBER", rawCode: "incorrect_number" })
  },
  {
    name: "a payment that has to be authenticated",
    reply: cardError({ code: "authentication_required", decline_code: "authentication_required" }),
    as: declined({ code: "AUTHENTICATION_REQUIRED", action: "AUTHENTICATE" })
  }
]

const state = error(400, { code: "payment_intent_unexpected_state" })
const ours = list([intent({ id: "pi_8", metadata: { reference: "order-8", attempt: "1" } }), intent()])
const taken = { _tag: "Payment", payment: { paymentId: "pi_1", status: "CAPTURED" } }

/** docs.stripe.com/api/errors: statuses and what they mean; docs.stripe.com/api/idempotent_requests. */
export const refusals: ReadonlyArray<Read> = [
  {
    name: "a parameter refused",
    reply: error(400, { code: "parameter_invalid_integer", message: "Invalid integer", param: "amount" }),
    as: {
      _tag: "Rejected",
      httpStatus: 400,
      rawCode: "parameter_invalid_integer",
      rawMessage: "Invalid integer",
      rawField: "amount"
    }
  },
  {
    // docs.stripe.com/error-codes: amount_too_large
    name: "more than Stripe's own maximum",
    reply: error(400, { code: "amount_too_large", param: "amount" }),
    as: { _tag: "Rejected", rawCode: "amount_too_large", rawField: "amount" }
  },
  {
    name: "refused without a code",
    reply: error(400, {}),
    as: { _tag: "Rejected", httpStatus: 400, rawCode: "invalid_request_error", rawMessage: "Nothing came of it." }
  },
  {
    name: "an error without its type, which Stripe always gives",
    reply: { status: 400, body: { error: { message: "No." } } },
    as: { _tag: "UnknownOutcome" },
    unpublished: "the type is required"
  },
  {
    name: "Stripe's own fault, in a reply of 424",
    // docs.stripe.com/api/errors: 424, an external dependency failed
    reply: error(424, { type: "api_error" }),
    as: { _tag: "UnknownOutcome" }
  },
  { name: "refused for no fault of the card's", reply: error(402, {}), as: { _tag: "Rejected", httpStatus: 402 } },
  {
    name: "no such key",
    reply: error(401, { message: "Invalid API Key provided" }),
    as: { _tag: "InvalidCredentials", refusedByProcessor: true }
  },
  {
    name: "a key that may not",
    reply: error(403, { message: "The provided key does not have the required permissions" }),
    as: { _tag: "InvalidCredentials", refusedByProcessor: true }
  },
  {
    name: "no such object",
    reply: error(404, { code: "resource_missing", param: "customer" }),
    as: { _tag: "Rejected", httpStatus: 404, rawCode: "resource_missing", rawField: "customer" }
  },
  {
    name: "another call with the key still runs, and then it is found",
    reply: error(409, { type: "idempotency_error", code: "idempotency_key_in_use" }),
    lookUp: [
      ...Array.from({ length: 2 }, () => error(409, { type: "idempotency_error", code: "idempotency_key_in_use" })),
      ok(ours)
    ],
    as: { paymentId: "pi_1", status: "CAPTURED" }
  },
  {
    name: "another call with the key still runs",
    reply: error(409, { code: "idempotency_key_in_use" }),
    as: { _tag: "UnknownOutcome", unsettled: { flow: "payment.authorize", reference: "order-1", attempt: 1 } }
  },
  {
    name: "a conflict of another kind with another request",
    reply: error(409, { code: "lock_of_a_later_day" }),
    as: { _tag: "UnknownOutcome" }
  },
  {
    name: "the key was used with other content, and what it made is found",
    reply: error(400, { type: "idempotency_error" }),
    lookUp: ok(ours),
    as: { _tag: "Duplicate", rawCode: "idempotency_error", found: taken }
  },
  {
    name: "the key was used with other content, and nothing is found",
    reply: error(400, { type: "idempotency_error" }),
    lookUp: ok(list([])),
    as: { _tag: "Duplicate", found: undefined }
  },
  { name: "in a state that does not allow it", reply: state, lookUp: ok(list([])), as: { _tag: "WrongState" } },
  {
    name: "turned away for now",
    reply: error(429, { code: "rate_limit" }, { "retry-after": "2" }),
    lookUp: error(429, { code: "rate_limit" }, { "retry-after": "2" }),
    as: { _tag: "RateLimited" }
  },
  {
    name: "an error of Stripe's own",
    reply: error(500, { type: "api_error" }),
    as: { _tag: "UnknownOutcome", description: "HTTP 500" }
  },
  {
    name: "an error of Stripe's own, and then the payment is found",
    reply: error(500, { type: "api_error" }),
    lookUp: [error(500, { type: "api_error" }), error(500, { type: "api_error" }), ok(ours)],
    as: { paymentId: "pi_1", status: "CAPTURED", final: true }
  }
]
