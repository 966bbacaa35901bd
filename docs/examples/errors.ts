import { setTimeout as sleep } from "node:timers/promises"
import { type AuthorizeInput, connect, Money, result, Unsettled } from "@connector-service/sdk/Client"
import { Duration } from "effect"

const payments = connect("127.0.0.1:50051", { connector: "stripe", environment: "sandbox", account: "sandbox" })

const pay = async (order: AuthorizeInput): Promise<string> => {
  const outcome = await result(payments.payment.authorize(order, { timeout: 10_000 }))
  if (outcome.ok) {
    const { decline, paymentId, status } = outcome.value
    return decline === undefined ? `${status} ${paymentId}` : `${status}: ${decline.code}, ${decline.action}`
  }
  const { moneyMoved, nextStep, reason } = outcome.error
  switch (moneyMoved) {
    case "NO": // what may simply be sent again, the client has sent again already
      return `${reason._tag}, no money moved. ${nextStep}`
    case "YES": // AmountMismatch, or a Duplicate that was found taken
      return `${reason._tag}, money moved. ${nextStep}`
    case "UNKNOWN": // UnknownOutcome and KeyExpired can be settled; a Duplicate must be looked at
      return "unsettled" in reason ? settle(reason.unsettled) : `${reason._tag}. ${nextStep}`
  }
}

const settle = async (unsettled: Unsettled.Unsettled, asks = 5): Promise<string> => {
  const settlement = await payments.settlement.settle({ unsettled })
  switch (settlement._tag) {
    case "Taken": // as it is now: its status may also be DECLINED or FAILED
      return `taken: ${settlement.found._tag === "Payment" ? settlement.found.payment.status : settlement.found._tag}`
    case "NotTaken":
      return `not taken (${settlement.evidence}): a new attempt is safe`
    case "StillUnknown": {
      const { retryAfter } = settlement // absent where asking again does not help: the processor's webhook will tell
      if (asks === 1 || retryAfter === undefined) return `still unknown, to be kept: ${Unsettled.stringify(unsettled)}`
      await sleep(Duration.toMillis(retryAfter))
      return settle(unsettled, asks - 1)
    }
  }
}

const said = await pay({
  reference: `order-${Date.now()}`,
  amount: Money.of("10.00", "EUR"),
  captureMethod: "MANUAL",
  paymentMethod: { _tag: "Card", number: "4242424242424242", expiryMonth: 12, expiryYear: 2030, cvc: "123" }
})
console.log(said) // AUTHORIZED pi_…
await payments.close()
