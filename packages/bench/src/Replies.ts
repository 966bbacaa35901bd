/** Adyen's answer to a payment, as the sandbox gives it. */
export const adyenPayment = {
  pspReference: "BENCH000000000AA",
  merchantReference: "order-1",
  resultCode: "Authorised",
  amount: {
    currency: "EUR",
    value: 1000
  },
  paymentMethod: {
    type: "scheme",
    brand: "visa"
  },
  additionalData: {
    cardBin: "411111",
    issuerBin: "41111111",
    cardSummary: "1111",
    cardIssuingCountry: "NL",
    cardPaymentMethod: "visa",
    expiryDate: "3/2030",
    fundingSource: "CREDIT",
    paymentMethod: "visa",
    paymentMethodVariant: "visa",
    eci: "N/A",
    liabilityShift: "false",
    threeDAuthenticated: "false",
    threeDOffered: "false",
    acquirerCode: "TestPmmAcquirer",
    acquirerReference: "NFZRPRDFWAP",
    avsResult: "5 No AVS data provided",
    avsResultRaw: "5",
    cvcResult: "1 Matches",
    cvcResultRaw: "M",
    merchantReference: "order-1",
    authCode: "296702",
    networkTxReference: "473780065254197",
    refusalReasonRaw: "AUTHORISED",
    authorisedAmountCurrency: "EUR",
    authorisedAmountValue: "1000"
  }
}

/** PayPal's answer to an order that reserves, as the sandbox gives it. */
export const paypalOrder = {
  id: "C1HNOD3GYHTJITJ0U",
  intent: "AUTHORIZE",
  status: "COMPLETED",
  payment_source: {
    card: {
      last_digits: "1111",
      brand: "VISA",
      type: "CREDIT",
      expiry: "2040-12"
    }
  },
  purchase_units: [
    {
      amount: {
        currency_code: "EUR",
        value: "10.00"
      },
      custom_id: "order-1",
      invoice_id: "order-1",
      reference_id: "default",
      payee: {
        email_address: "merchant@example.com",
        merchant_id: "CR3LCVXCU4KMU"
      },
      payments: {
        authorizations: [
          {
            id: "J3OSUBQJTZWFJOZGI",
            status: "CREATED",
            amount: {
              currency_code: "EUR",
              value: "10.00"
            },
            invoice_id: "order-1",
            custom_id: "order-1",
            seller_protection: {
              status: "NOT_ELIGIBLE"
            },
            expiration_time: "2026-12-23T22:08:13Z",
            create_time: "2026-11-24T22:08:13Z",
            update_time: "2026-11-24T22:08:13Z",
            links: [
              {
                href: "https://api.sandbox.paypal.com/v2/payments/authorizations/J3OSUBQJTZWFJOZGI",
                rel: "self",
                method: "GET"
              },
              {
                href: "https://api.sandbox.paypal.com/v2/payments/authorizations/J3OSUBQJTZWFJOZGI/capture",
                rel: "capture",
                method: "POST"
              },
              {
                href: "https://api.sandbox.paypal.com/v2/payments/authorizations/J3OSUBQJTZWFJOZGI/void",
                rel: "void",
                method: "POST"
              },
              {
                href: "https://api.sandbox.paypal.com/v2/checkout/orders/C1HNOD3GYHTJITJ0U",
                rel: "up",
                method: "GET"
              }
            ],
            network_transaction_reference: {
              id: "005909242803645",
              date: "1124",
              network: "VISA"
            },
            processor_response: {
              cvv_code: "M",
              response_code: "0000"
            }
          }
        ]
      }
    }
  ],
  create_time: "2026-11-24T22:08:13Z",
  update_time: "2026-11-24T22:08:13Z",
  links: [
    {
      href: "https://api.sandbox.paypal.com/v2/checkout/orders/C1HNOD3GYHTJITJ0U",
      rel: "self",
      method: "GET"
    }
  ]
}

/** PayPal's access token, as the sandbox gives it. */
export const paypalToken = {
  scope: "https://uri.paypal.com/services/payments/payment https://uri.paypal.com/services/payments/refund",
  access_token: "A21AAbench",
  token_type: "Bearer",
  app_id: "APP-80W284485P519543T",
  expires_in: 32400,
  nonce: "bench"
}
