import { type ConnectorId, connectors, deliver, type Genuine, now } from "./Deliver.ts"
import { noticeHeader, signItems } from "./Signing.ts"

const seconds = now / 1000

const stripeEvent = (type: string, object: object) => ({
  id: "evt_1",
  object: "event",
  api_version: "2023-08-16",
  created: seconds,
  data: { object },
  livemode: false,
  pending_webhooks: 1,
  request: null,
  type
})

const adyenBatch = (eventCode: string, additionalData: object) => ({
  live: "false",
  notificationItems: [
    {
      NotificationRequestItem: {
        additionalData,
        amount: { currency: "EUR", value: 1000 },
        eventCode,
        eventDate: "2026-01-01T00:00:00+01:00",
        merchantAccountCode: "SandboxShop",
        merchantReference: "order-7",
        originalReference: "QFQTPCQ8HXSKGK82",
        paymentMethod: "visa",
        pspReference: "KHQC5N7G84BLNK43",
        reason: "",
        success: "true"
      }
    }
  ]
})

const paypalEvent = (event_type: string, resource: object) => ({
  id: "WH-1",
  event_version: "1.0",
  create_time: "2026-01-01T00:00:00.000Z",
  resource_type: "other",
  event_type,
  summary: "Something happened",
  resource,
  links: []
})

/** Bodies that the sandbox has no occasion for, as the processors' references describe them. */
const bodies: Readonly<Record<ConnectorId, ReadonlyArray<readonly [type: string, body: object]>>> = {
  stripe: [
    [
      "charge.dispute.created",
      stripeEvent("charge.dispute.created", {
        id: "dp_1",
        object: "dispute",
        amount: 1000,
        currency: "eur",
        payment_intent: "pi_1",
        reason: "fraudulent",
        status: "needs_response",
        evidence_details: { due_by: seconds + 1 }
      })
    ],
    [
      "mandate.updated",
      stripeEvent("mandate.updated", { id: "mandate_1", object: "mandate", payment_method: "pm_1", status: "active" })
    ],
    [
      "payout.paid",
      stripeEvent("payout.paid", { id: "po_1", object: "payout", amount: 1000, currency: "jpy", status: "paid" })
    ],
    [
      "payment_method.attached",
      stripeEvent("payment_method.attached", { id: "pm_1", object: "payment_method", customer: { id: "cus_1" } })
    ],
    [
      "v2.core.event",
      {
        id: "evt_test_1",
        object: "v2.core.event",
        type: "v1.billing.meter.no_meter_found",
        created: "2026-01-01T00:00:00.000Z",
        livemode: false,
        related_object: { id: "mtr_1", type: "billing.meter", url: "/v1" }
      }
    ]
  ],
  adyen: [
    [
      "CHARGEBACK",
      adyenBatch("CHARGEBACK", {
        chargebackReasonCode: "10.4",
        defensePeriodEndsAt: "2026-02-01T00:00:00+01:00",
        disputeStatus: "Pending"
      })
    ],
    ["PAYOUT_THIRDPARTY", adyenBatch("PAYOUT_THIRDPARTY", {})],
    ["RECURRING_CONTRACT", adyenBatch("RECURRING_CONTRACT", { "recurring.shopperReference": "shopper-1" })],
    ["EXPIRE", adyenBatch("EXPIRE", {})]
  ],
  paypal: [
    [
      "CUSTOMER.DISPUTE.CREATED",
      paypalEvent("CUSTOMER.DISPUTE.CREATED", {
        dispute_id: "PP-D-1",
        status: "OPEN",
        reason: "UNAUTHORISED",
        dispute_amount: { currency_code: "USD", value: "1.00" },
        disputed_transactions: [{ seller_transaction_id: "3BC38643YC807283D" }],
        dispute_outcome: { outcome_code: "RESOLVED_BUYER_FAVOUR" },
        seller_response_due_date: "2026-02-01T00:00:00.000Z"
      })
    ],
    [
      "PAYMENT.PAYOUTS-ITEM.SUCCEEDED",
      paypalEvent("PAYMENT.PAYOUTS-ITEM.SUCCEEDED", {
        payout_item_id: "8AELMXH8UB2P8",
        transaction_status: "SUCCESS",
        payout_item: { amount: { currency: "USD", value: "9.87" }, sender_item_id: "1" }
      })
    ],
    [
      "VAULT.PAYMENT-TOKEN.CREATED",
      paypalEvent("VAULT.PAYMENT-TOKEN.CREATED", { id: "8kk8451t", customer: { id: "1" } })
    ]
  ]
}

const notice = JSON.stringify({
  createdAt: "2026-01-01T00:00:00+01:00",
  environment: "test",
  eventId: "QBQQ9DLNRHHKGK38",
  type: "recurring.token.created",
  data: {
    merchantAccount: "SandboxShop",
    shopperReference: "shopper-1",
    storedPaymentMethodId: "M5N7TQ4TG5PFWR50",
    type: "visa",
    operation: "created"
  }
})

const tokenized = (): Genuine => {
  const delivery = deliver("adyen", notice)
  return {
    connector: "adyen",
    type: "recurring.token.created",
    delivery: { ...delivery, headers: [...delivery.headers, noticeHeader(notice)] }
  }
}

/** Deliveries that the sandbox has no occasion for. */
export const others = (): ReadonlyArray<Genuine> => [
  ...connectors.flatMap((connector) =>
    bodies[connector].map(([type, body]) => {
      const text = JSON.stringify(body)
      return { connector, type, delivery: deliver(connector, connector === "adyen" ? signItems(text) : text) }
    })
  ),
  tokenized()
]
