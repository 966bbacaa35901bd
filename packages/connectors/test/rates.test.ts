import { protectionOf } from "@connector-service/connectors/Configuration"
import { catalog } from "@connector-service/connectors/catalog"
import { expect, it } from "vitest"

it("declares the rates that processors publish, and none for those that publish none", () => {
  const rates = Object.fromEntries(catalog.map((connector) => [connector.id, protectionOf(connector, {}).rate]))
  expect(rates).toEqual({
    // https://docs.stripe.com/rate-limits
    stripe: { live: { read: 100, write: 100 }, sandbox: { read: 25, write: 25 } },
    // https://developer.paypal.com/api/rest/reference/rate-limiting: "we do not publish a rate limiting policy"
    paypal: undefined,
    adyen: undefined
  })
})
