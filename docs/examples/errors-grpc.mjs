import { setTimeout as sleep } from "node:timers/promises"
import { credentials, loadPackageDefinition, Metadata, status } from "@grpc/grpc-js"
import { loadSync } from "@grpc/proto-loader"
import { Status } from "nice-grpc-error-details/lib/proto/google/rpc/status.js"

const contract = loadSync(
  ["payment", "settlement", "errors"].map((file) => `payments/v1/${file}.proto`),
  {
    includeDirs: ["proto"],
    longs: String,
    enums: String,
    oneofs: true
  }
)
const { PaymentService, SettlementService } = loadPackageDefinition(contract).payments.v1
const address = "127.0.0.1:50051"
const payments = new PaymentService(address, credentials.createInsecure())
const settlements = new SettlementService(address, credentials.createInsecure())

const target = new Metadata()
target.set("x-connector", "stripe")
target.set("x-environment", "sandbox")
target.set("x-account", "sandbox")
const call = (client, method, request, seconds) =>
  new Promise((resolve, reject) =>
    client[method](request, target, { deadline: Date.now() + seconds * 1000 }, (error, answer) =>
      error ? reject(error) : resolve(answer)
    )
  )

/** The payments.v1.ConnectorError among a failure's details; undefined when it is not the service that speaks. */
const explained = (error) => {
  const [bytes] = error.metadata.get("grpc-status-details-bin")
  const details = bytes === undefined ? [] : Status.decode(bytes).details
  const detail = details.find(({ typeUrl }) => typeUrl.endsWith("/payments.v1.ConnectorError"))
  return detail && contract["payments.v1.ConnectorError"].deserialize(Buffer.from(detail.value))
}

const pay = async (order) => {
  try {
    const { payment } = await call(payments, "Authorize", order, 10)
    const { decline, paymentId } = payment
    return decline ? `${payment.status}: ${decline.code}, ${decline.action}` : `${payment.status} ${paymentId}`
  } catch (error) {
    const told = explained(error)
    // without the service's own words only this is sure: a write that ends so may have moved money
    if (told === undefined) return `${status[error.code]}: send the same call again with first_sent_at`
    // unknownOutcome and keyExpired have something to settle
    const { unsettled } = told[told.reason]
    if (unsettled) return settle(unsettled)
    return `${told.reason}, ${told.moneyMoved}. ${told.nextStep}`
  }
}

const settle = async (unsettled, asks = 5) => {
  const answer = await call(settlements, "Settle", { unsettled }, 10)
  switch (answer.settlement) {
    case "taken": // as it is now: its status may also be DECLINED or FAILED
      return `taken: ${answer.taken.found.payment?.status ?? answer.taken.found.value}`
    case "notTaken":
      return `not taken (${answer.notTaken.evidence}): a new attempt is safe`
    default: {
      const { retryAfter } = answer.stillUnknown // absent where asking again does not help: a webhook will tell
      if (asks === 1 || !retryAfter) return `still unknown, to be kept: ${JSON.stringify(unsettled)}`
      await sleep(Number(retryAfter.seconds) * 1000 + retryAfter.nanos / 1e6)
      return settle(unsettled, asks - 1)
    }
  }
}

const said = await pay({
  reference: `order-${Date.now()}`,
  amount: { minorUnits: "1000", currencyCode: "EUR" },
  captureMethod: "CAPTURE_METHOD_MANUAL",
  paymentMethod: { card: { number: "4242424242424242", expiryMonth: 12, expiryYear: 2030, cvc: "123" } }
})
console.log(said) // PAYMENT_STATUS_AUTHORIZED pi_…
payments.close()
settlements.close()
