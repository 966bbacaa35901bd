import type { Read } from "../Table.ts"
import { additional, authorised, error, ok, refused } from "./replies.ts"

const eur = (minorUnits: bigint) => ({ minorUnits, currencyCode: "EUR" })

/** PaymentResponse.resultCode; docs.adyen.com/online-payments/payment-result-codes. */
export const standings: ReadonlyArray<Read> = [
  {
    name: "Authorised, and captured at once",
    reply: ok(authorised()),
    as: {
      paymentId: "993617895204576J",
      status: "CAPTURED",
      rawStatus: "Authorised",
      final: true,
      reference: "order-1",
      amount: eur(1000n),
      amountAuthorized: eur(1000n),
      amountCaptured: eur(1000n),
      nextAction: undefined,
      decline: undefined,
      // 4: AVS is not supported for the card; the security code matches
      cardChecks: { addressLine: "UNAVAILABLE", postalCode: "UNAVAILABLE", cvc: "MATCH", avsCode: "U", cvcCode: "M" },
      networkTransactionId: "777718270854480",
      paymentMethodId: undefined,
      state: {}
    }
  },
  {
    name: "Authorised, and kept for later (the published example …-subscription-first-transaction-200)",
    reply: ok(authorised(additional({ "tokenization.storedPaymentMethodId": "M5N7TQ4TG5PFWR50" }))),
    as: { paymentMethodId: "M5N7TQ4TG5PFWR50", cardChecks: undefined, networkTransactionId: undefined }
  },
  {
    name: "Authorised, and kept under the older name",
    reply: ok(authorised(additional({ "recurring.recurringDetailReference": "8416038790273850" }))),
    as: { paymentMethodId: "8416038790273850" }
  },
  {
    name: "the reference in the additional data only",
    reply: ok(authorised({ merchantReference: undefined, ...additional({ merchantReference: "order-1" }) })),
    as: { reference: "order-1" }
  },
  ...(
    [
      ["Pending", "PENDING"],
      ["Received", "PENDING"],
      ["PresentToShopper", "PENDING"]
    ] as const
  ).map(([resultCode, status]) => ({
    name: resultCode,
    reply: ok(authorised({ resultCode, amount: undefined })),
    as: { status, rawStatus: resultCode, final: false, amountAuthorized: undefined, amountCaptured: undefined }
  })),
  ...["Cancelled", "Error"].map((resultCode) => ({
    name: resultCode,
    reply: refused({ resultCode }),
    as: { status: "FAILED", rawStatus: resultCode, final: true, decline: undefined, state: {} }
  })),
  ...["AuthenticationFinished", "AuthenticationNotRequired", "Success"].map((resultCode) => ({
    name: resultCode,
    reply: ok(authorised({ resultCode })),
    as: { status: "UNRECOGNIZED", final: false, amountAuthorized: undefined, amountCaptured: undefined }
  })),
  ...["OnItsWay", "constructor", "__proto__", ""].map((resultCode) => ({
    name: `the result "${resultCode}"`,
    reply: ok(authorised({ resultCode })),
    as: { status: "UNRECOGNIZED", rawStatus: resultCode, final: false, amountCaptured: undefined },
    unpublished: "no such result is published"
  })),
  {
    name: "less authorised than asked, told by the amount",
    reply: ok(authorised({ resultCode: "PartiallyAuthorised", amount: { currency: "EUR", value: 900 } })),
    as: {
      _tag: "AmountMismatch",
      asked: eur(1000n),
      found: {
        _tag: "Payment",
        // captureDelayHours of 0: what was authorised is captured, and no more than that
        payment: { status: "CAPTURED", amountAuthorized: eur(900n), amountCaptured: eur(900n), amount: undefined }
      }
    }
  },
  {
    name: "less authorised than asked, told as AdditionalDataCommon.allowPartialAuth says",
    reply: ok(
      authorised({
        resultCode: "PartiallyAuthorised",
        ...additional({ authorisedAmountValue: "900", authorisedAmountCurrency: "EUR" })
      })
    ),
    as: { _tag: "AmountMismatch", found: { payment: { amountAuthorized: eur(900n), amountCaptured: eur(900n) } } }
  },
  {
    name: "less authorised than asked, and not told how much",
    reply: ok(authorised({ resultCode: "PartiallyAuthorised", amount: undefined })),
    as: { status: "UNRECOGNIZED", rawStatus: "PartiallyAuthorised", final: false }
  },
  {
    name: "another amount than asked",
    reply: ok(authorised({ amount: { currency: "EUR", value: 900 } })),
    as: { _tag: "AmountMismatch", asked: eur(1000n), found: { payment: { amountCaptured: eur(900n) } } }
  },
  {
    name: "another currency than asked",
    reply: ok(authorised({ amount: { currency: "USD", value: 1000 } })),
    as: { _tag: "AmountMismatch", found: { payment: { amountCaptured: { minorUnits: 1000n, currencyCode: "USD" } } } }
  },
  {
    name: "authorised without an amount, a reference or an id",
    reply: ok({ resultCode: "Authorised" }),
    as: { paymentId: "order-1", status: "CAPTURED", final: true, reference: undefined, amountCaptured: undefined }
  }
]

/** docs.adyen.com/development-resources/refusal-reasons, docs.adyen.com/development-resources/raw-acquirer-responses. */
export const declines: ReadonlyArray<Read> = [
  {
    name: "refused, with what the network said",
    reply: refused({
      refusalReason: "Not enough balance",
      refusalReasonCode: "12",
      ...additional({ refusalReasonRaw: "51 : Not sufficient funds", merchantAdviceCode: "02 : Try again later" })
    }),
    as: {
      paymentId: "993617895204576J",
      status: "DECLINED",
      final: true,
      rawStatus: "Refused",
      reference: "order-1",
      decline: {
        code: "INSUFFICIENT_FUNDS",
        kind: "SOFT",
        action: "RETRY_LATER",
        rawCode: "12",
        rawMessage: "Not enough balance",
        networkDeclineCode: "51",
        networkAdviceCode: "02"
      },
      state: {}
    }
  },
  {
    name: "the advice not to try again makes it hard",
    reply: refused(additional({ merchantAdviceCode: "03" })),
    as: { decline: { code: "DO_NOT_HONOR", kind: "HARD", action: "DO_NOT_RETRY", networkAdviceCode: "03" } }
  },
  {
    name: "the advice that the card was replaced",
    reply: refused(additional({ merchantAdviceCode: "01: New account information available" })),
    as: { decline: { kind: "SOFT", action: "CORRECT_DETAILS", networkAdviceCode: "01" } }
  },
  {
    name: "words of an acquirer that begin with no code",
    reply: refused(additional({ refusalReasonRaw: "DECLINED CVC Incorrect" })),
    as: { decline: { code: "DO_NOT_HONOR", kind: "SOFT", networkDeclineCode: undefined, networkAdviceCode: undefined } }
  },
  {
    name: "a refusal of a later day",
    reply: refused({ refusalReason: "Card on the moon", refusalReasonCode: "999" }),
    as: { status: "DECLINED", decline: { code: "UNRECOGNIZED", rawCode: "999", rawMessage: "Card on the moon" } }
  },
  {
    name: "refused without a reason",
    reply: refused({ refusalReason: undefined, refusalReasonCode: undefined }),
    as: { status: "DECLINED", decline: { code: "UNRECOGNIZED", rawCode: "", rawMessage: undefined } }
  },
  {
    name: "refused after checks that failed, with the networks' letters",
    reply: refused(
      additional({
        avsResult: "2 Neither postal code nor address match",
        avsResultRaw: "N",
        cvcResult: "2 Doesn't match",
        cvcResultRaw: "N"
      })
    ),
    as: {
      cardChecks: { addressLine: "NO_MATCH", postalCode: "NO_MATCH", cvc: "NO_MATCH", avsCode: "N", cvcCode: "N" }
    }
  },
  {
    name: "a letter that is the network's own",
    reply: refused(additional({ avsResult: "14 Postal code matches", avsResultRaw: "P" })),
    as: { cardChecks: { addressLine: undefined, postalCode: "MATCH", avsCode: "P" } }
  },
  {
    name: "checks of a later day",
    reply: refused(additional({ avsResult: "99 Asked the neighbours", cvcResult: "12", cvcResultRaw: "12" })),
    as: { cardChecks: undefined }
  }
]

/** ServiceError; docs.adyen.com/development-resources/error-codes, docs.adyen.com/development-resources/api-idempotency. */
export const refusals: ReadonlyArray<Read> = [
  {
    name: "a field refused",
    reply: error(422, {}),
    as: { _tag: "Rejected", httpStatus: 422, rawCode: "14_030", rawMessage: "Return URL is missing." }
  },
  {
    name: "a body refused (the published example generic-400)",
    reply: error(400, { errorCode: "702", message: 'Unexpected input: ", expected: }' }),
    as: { _tag: "Rejected", httpStatus: 400, rawCode: "702" }
  },
  {
    name: "no such key (the published example generic-401)",
    reply: error(401, { errorCode: "000", message: "HTTP Status Response - Unauthorized", errorType: "security" }),
    as: { _tag: "InvalidCredentials", refusedByProcessor: true, description: "HTTP Status Response - Unauthorized" }
  },
  {
    name: "a merchant account that the key may not use (the published example generic-403)",
    reply: error(403, { errorCode: "901", message: "Invalid Merchant Account", errorType: "security" }),
    as: { _tag: "InvalidCredentials", refusedByProcessor: true }
  },
  ...[409, 422].map((status) => ({
    name: `another call with the key still runs, told with ${status}, and then it has ended`,
    reply: error(status, { errorCode: "704", message: "request already processed or in progress" }),
    lookUp: ok(authorised()),
    as: { paymentId: "993617895204576J", status: "CAPTURED" },
    ...(status === 409 && { unpublished: "409 is on the page on idempotency only" })
  })),
  {
    name: "another call with the key runs and runs",
    reply: error(422, { errorCode: "704" }),
    lookUp: error(422, { errorCode: "704" }),
    as: { _tag: "UnknownOutcome", unsettled: { flow: "payment.authorize", reference: "order-1" } }
  },
  {
    name: "a conflict of another kind",
    reply: error(409, { errorCode: "14_999" }),
    lookUp: error(409, { errorCode: "14_999" }),
    as: { _tag: "UnknownOutcome" },
    unpublished: "409 is on the page on idempotency only"
  },
  {
    name: "Adyen's own fault, in a reply of 422",
    reply: error(422, { errorType: "internal", errorCode: "903" }),
    lookUp: error(422, { errorType: "internal", errorCode: "903" }),
    as: { _tag: "UnknownOutcome" }
  },
  {
    name: "too many requests, of which Adyen does not say that they were not looked at",
    reply: error(429, { errorCode: "00_429" }),
    lookUp: error(429, { errorCode: "00_429" }),
    as: { _tag: "UnknownOutcome" },
    unpublished: "429 is not published"
  },
  {
    name: "an error of a configuration (the published example generic-500), after which it may have been taken",
    reply: error(500, { errorCode: "905", message: "Payment details are not supported", errorType: "configuration" }),
    lookUp: error(500, { errorCode: "905" }),
    as: { _tag: "UnknownOutcome", description: "HTTP 500" }
  },
  {
    name: "a passing error, and then it is taken under the same key",
    reply: error(500, { errorType: "internal" }, { "transient-error": "true" }),
    lookUp: ok(authorised()),
    as: { paymentId: "993617895204576J", status: "CAPTURED" }
  },
  {
    name: "an error that Adyen says not to repeat",
    reply: error(500, { errorType: "internal" }, { "transient-error": "false" }),
    lookUp: ok(authorised()),
    as: { _tag: "UnknownOutcome", description: "HTTP 500" }
  },
  {
    name: "an error without the code that Adyen always gives",
    reply: { status: 404, body: { status: 404, error: "Not Found" } },
    lookUp: { status: 404, body: { status: 404, error: "Not Found" } },
    as: { _tag: "UnknownOutcome" },
    unpublished: "404 is not published"
  }
]
