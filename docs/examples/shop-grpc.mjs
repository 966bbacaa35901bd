import { credentials, loadPackageDefinition, Metadata } from "@grpc/grpc-js"
import { loadSync } from "@grpc/proto-loader"

const contract = loadSync(["payments/v1/payment.proto", "payments/v1/refund.proto"], {
  includeDirs: ["proto"],
  longs: String, // an int64 is more than a number holds
  enums: String,
  oneofs: true
})
const { PaymentService, RefundService } = loadPackageDefinition(contract).payments.v1
const payments = new PaymentService("127.0.0.1:50051", credentials.createInsecure())
const refunds = new RefundService("127.0.0.1:50051", credentials.createInsecure())

const target = new Metadata()
target.set("x-connector", "stripe")
target.set("x-environment", "sandbox")
target.set("x-account", "sandbox")

const call = (client, method, request) =>
  new Promise((resolve, reject) =>
    client[method](request, target, { deadline: Date.now() + 30_000 }, (error, answer) =>
      error ? reject(error) : resolve(answer)
    )
  )

const order = `order-${Date.now()}`
const euros = (minorUnits) => ({ minorUnits, currencyCode: "EUR" })
const { payment } = await call(payments, "Authorize", {
  reference: order,
  amount: euros(2000),
  captureMethod: "CAPTURE_METHOD_MANUAL",
  paymentMethod: { card: { number: "4242424242424242", expiryMonth: 12, expiryYear: 2030, cvc: "123" } }
})
console.log(payment.status, payment.paymentId)
if (payment.status === "PAYMENT_STATUS_AUTHORIZED") {
  const { paymentId, state } = payment
  const { capture } = await call(payments, "Capture", {
    reference: `${order}-capture`,
    paymentId,
    state,
    amount: euros(2000)
  })
  console.log(capture.status) // OPERATION_STATUS_SUCCEEDED; where the processor only received it, …_PENDING
  const { refund } = await call(refunds, "Create", {
    reference: `${order}-refund`,
    paymentId,
    state: capture.state,
    amount: euros(500)
  })
  console.log(refund.status)
}
payments.close()
refunds.close()
