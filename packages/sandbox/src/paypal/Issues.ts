/**
 * The descriptions that the published files fix for each issue (the `description` enums of their error schemas). A
 * description that holds for one API or one operation only has its name behind the issue's.
 */
const descriptions: Readonly<Record<string, string>> = {
  ACTION_DOES_NOT_MATCH_INTENT:
    "Order was created with an intent to 'CAPTURE'. Please use v2/checkout/orders/order_id/capture to complete the transaction or alternately Create an order with an intent of 'AUTHORIZE'.",
  AMOUNT_MISMATCH:
    "Should equal item_total + tax_total + shipping + handling + insurance - shipping_discount - discount.",
  AUTHORIZATION_ALREADY_CAPTURED: "Authorization has previously been captured.",
  AUTHORIZATION_DENIED: "An denied authorization cannot be captured.",
  AUTHORIZATION_EXPIRED: "An expired authorization cannot be captured.",
  AUTHORIZATION_VOIDED: "A voided authorization cannot be captured or reauthorized. ",
  AUTH_CAPTURE_CURRENCY_MISMATCH: "Currency of capture must be the same as currency of authorization.",
  CANNOT_BE_NEGATIVE:
    "Must be greater than or equal to 0. If the currency supports decimals, only two decimal place precision is supported.",
  CANNOT_BE_ZERO_OR_NEGATIVE:
    "Must be greater than zero. If the currency supports decimals, only two decimal place precision is supported.",
  CAPTURE_FULLY_REFUNDED: "The capture has already been fully refunded",
  CARD_EXPIRED: "The card is expired",
  DECIMALS_NOT_SUPPORTED:
    "Currency does not support decimals. Please refer to https://developer.paypal.com/docs/api/reference/currency-codes/ for more information.",
  DECIMAL_PRECISION: "If the currency supports decimals, only two decimal place precision is supported.",
  "DUPLICATE_INVOICE_ID orders":
    "Duplicate Invoice ID detected. To avoid a potential duplicate transaction your account setting requires that Invoice Id be unique for each transaction.",
  "DUPLICATE_INVOICE_ID captureAuthorization":
    "Requested invoice_id has been previously captured. Possible duplicate transaction.",
  "DUPLICATE_INVOICE_ID refundCapture": "Invoice ID was previously used to refund a capture.",
  DUPLICATE_REFERENCE_ID: "`reference_id` must be unique if multiple `purchase_unit` are provided.",
  INCOMPATIBLE_PARAMETER_VALUE: "The value of the field is incompatible/redundant with other fields in the order.",
  INSTRUMENT_DECLINED:
    "The instrument presented  was either declined by the processor or bank, or it can't be used for this payment.",
  INVALID_ARRAY_MAX_ITEMS: "The number of items in an array parameter is too large.",
  INVALID_ARRAY_MIN_ITEMS: "The number of items in an array parameter is too small.",
  "INVALID_CURRENCY_CODE orders":
    "Currency code is invalid or is not currently supported. Please refer https://developer.paypal.com/api/rest/reference/currency-codes/ for list of supported currency codes.",
  "INVALID_CURRENCY_CODE payments":
    "Currency code is invalid or is not currently supported. Please refer https://developer.paypal.com/docs/api/reference/currency-codes/ for list of supported currency codes.",
  INVALID_PARAMETER_SYNTAX: "The value of a field does not conform to the expected format.",
  "INVALID_PARAMETER_VALUE orders": "A parameter value is not valid.",
  "INVALID_PARAMETER_VALUE payments": "The value of a field is invalid.",
  INVALID_RESOURCE_ID: "Specified resource ID does not exist. Please check the resource ID and try again.",
  INVALID_SECURITY_CODE_LENGTH: "The security_code length is invalid for the specified card brand.",
  INVALID_VAULT_ID: "The specified Vault ID is invalid or could not be found.",
  "INVALID_STRING_LENGTH orders": "The value of a field is either too short or too long",
  "INVALID_STRING_LENGTH payments": "The value of a field is either too short or too long.",
  ITEM_TOTAL_MISMATCH: "Should equal sum of (unit_amount * quantity) across all items for a given purchase_unit.",
  ITEM_TOTAL_REQUIRED:
    "If item details are specified (items.unit_amount and items.quantity) corresponding amount.breakdown.item_total is required.",
  MALFORMED_REQUEST_JSON: "The request JSON is not well formed.",
  MAX_CAPTURE_AMOUNT_EXCEEDED:
    "Capture amount exceeds allowable limit. Please contact customer service or your account manager to request the change to your overage limit. The default overage limit is 115%, which allows the sum of all captures to be up to 115% of the order amount. The ability to over capture is subjected to regulatory approvals.",
  MAX_VALUE_EXCEEDED: "Should be less than or equal to 999999999999999.99.",
  "MISSING_REQUIRED_PARAMETER createOrder": "A required parameter is missing.",
  MERCHANT_INITIATED_WITH_SECURITY_CODE:
    "`stored_payment_source.payment_initiator` = `MERCHANT` is not supported if `payment_source.card.security_code` is present in the order. `security_code` can be present in the order only when customer is the payment initiator. It is semantically incorrect to perform a merchant initiated payment with `security_code` is the order.",
  MISMATCHED_VAULT_ID_TO_PAYMENT_SOURCE:
    "The vault_id does not match the payment_source provided. Please verify that the vault_id token used refers to the matching payment_source and try again. For example, a PayPal token cannot be passed in the vault_id field in the payment_source.card object.",
  "MISSING_REQUIRED_PARAMETER orders": "A required field / parameter is missing",
  "MISSING_REQUIRED_PARAMETER payments": "A required field / parameter is missing.",
  MULTI_CURRENCY_ORDER:
    "Multiple differing values of currency_code are not supported. Entire Order request must have the same currency_code.",
  NOT_SUPPORTED: "This field is not currently supported.",
  ORDER_ALREADY_AUTHORIZED:
    "Order already authorized.If 'intent=AUTHORIZE' only one authorization per order is allowed.",
  ORDER_ALREADY_CAPTURED: "Order already captured.If 'intent=CAPTURE' only one capture per order is allowed.",
  ORDER_COMPLETE_ON_PAYMENT_APPROVAL:
    "A processing_instruction of `ORDER_COMPLETE_ON_PAYMENT_APPROVAL` is required for the specified payment_source. Please refer to the integration guide https://developer.paypal.com/docs/limited-release/alternative-payment-methods-with-orders/ for more details",
  "ORDER_NOT_APPROVED authorizeOrder":
    "Payer has not yet approved the Order for payment. Please redirect the payer to the 'rel':'approve' url returned as part of the HATEOAS links within the Create Order call.",
  "ORDER_NOT_APPROVED captureOrder":
    "Payer has not yet approved the Order for payment. Please redirect the payer to the 'rel':'approve' url returned as part of the HATEOAS links within the Create Order call or provide a valid `payment_source` in the request.",
  PAYER_ACTION_REQUIRED: "Transaction cannot complete successfully, instruct the buyer to return to PayPal.",
  PAYER_CANNOT_PAY:
    "Payer cannot pay for this transaction. Please contact the payer to find other ways to pay for this transaction.",
  PAYPAL_REQUEST_ID_REQUIRED:
    "A PayPal-Request-Id is required if you are trying to process payment for an Order. Please specify a PayPal-Request-Id or Create the Order without a 'payment_source' specified.",
  PENDING_CAPTURE:
    "Cannot initiate a refund as the capture is pending. Capture is typically pending when the payer has funded the transaction using e-check/bank funded.",
  PREVIOUSLY_CAPTURED: "Authorization has been previously captured and hence cannot be voided.",
  PREVIOUSLY_VOIDED: "Authorization has been previously voided and hence cannot be voided again.",
  PREVIOUS_REQUEST_IN_PROGRESS:
    "A previous request on this resource is currently in progress. Please wait for sometime and try again. It is best to space out the initial and the subsequent request(s) to avoid receiving this error.",
  REFERENCE_ID_REQUIRED:
    "'reference_id' is required for each 'purchase_unit' if multiple 'purchase_unit' are provided.",
  REFUND_AMOUNT_EXCEEDED:
    "The refund amount must be less than or equal to the capture amount that has not yet been refunded.",
  REFUND_CAPTURE_CURRENCY_MISMATCH: "Refund must be in the same currency as the capture",
  REFUND_FAILED_INSUFFICIENT_FUNDS:
    "Capture could not be refunded due to insufficient funds. Please check to see if you have sufficient funds in your PayPal account or if the bank account linked to your PayPal account is verified and has sufficient funds.",
  REFUND_NOT_ALLOWED: "Capture cannot be refunded.",
  TOKEN_ID_NOT_FOUND: "Specified token was not found. Verify the token and try the request again.",
  "TRANSACTION_REFUSED orders": "The request was refused.",
  "TRANSACTION_REFUSED payments": "PayPal's internal controls prevent authorization from being captured.",
  UNSUPPORTED_INTENT:
    "`intent=AUTHORIZE` is not supported for multiple purchase units. Only `intent=CAPTURE` is supported.",
  UNSUPPORTED_PROCESSING_INSTRUCTION:
    "The specified processing_instruction is not supported for the given payment_source. Please refer to https://developer.paypal.com/api/orders/v2/#definition-processing_instruction for the list of payment_source that can be specified with this value.",
  VAULT_INSTRUCTION_REQUIRED:
    "Vault instruction is required. Please use `vault.store_in_vault` to provide vault instruction."
}

/** Where an issue came up: the API, and the operation in it. */
export interface Place {
  readonly api: "orders" | "payments" | "vault"
  readonly operation: string
}

/** The published description of an issue; undefined when there is none for the place. */
export const descriptionOf = (issue: string, { api, operation }: Place): string | undefined =>
  descriptions[`${issue} ${operation}`] ?? descriptions[`${issue} ${api}`] ?? descriptions[issue]
