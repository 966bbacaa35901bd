import { readdirSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { catalog } from "@connector-service/connectors/catalog"
import { flows, services } from "@connector-service/domain/Services"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { blocksOf, type Program, placesOf, root, runCommand, signal, startProgram } from "./programs.ts"

const folder = resolve(root, "docs/examples")
const capitalized = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

let program: Program
let grpc: string

beforeAll(async () => {
  program = startProgram("serve")
  await program.said("Ctrl-C ends it.")
  grpc = placesOf(program.stdout()).grpc
}, 30_000)
afterAll(() => {
  signal(program, "SIGTERM")
  return program.ended
}, 30_000)

/** Sends a connector's file with `buf curl`, its placeholders filled and some texts replaced. */
const sendTo = async (
  connector: string,
  method: string,
  ids: Readonly<Record<string, string>> = {},
  changes: Readonly<Record<string, string>> = {}
): Promise<unknown> => {
  const text = readFileSync(resolve(folder, `${method}.${connector}.json`), "utf8")
  const filled = Object.entries(ids).reduce((all, [name, id]) => all.replaceAll(`\${${name}}`, id), text)
  const message = Object.entries(changes).reduce((all, [from, to]) => all.replaceAll(from, to), filled)
  const { code, stderr, stdout } = await runCommand(resolve(root, "node_modules/.bin/buf"), [
    ...["curl", "--protocol", "grpc", "--http2-prior-knowledge"],
    ...["-H", `x-connector: ${connector}`, "-H", "x-environment: sandbox", "-H", "x-account: sandbox"],
    ...["-d", message, `http://${grpc}/payments.v1.${method.replace(".", "/")}`]
  ])
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
  return JSON.parse(stdout)
}

const send = (method: string, ...rest: [Readonly<Record<string, string>>?, Readonly<Record<string, string>>?]) =>
  sendTo("stripe", method, ...rest)

/** A text of an answer, by its path. */
const at = (answer: unknown, ...path: ReadonlyArray<string>): string => {
  const found = path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? Object.entries(value).find(([k]) => k === key)?.[1] : undefined,
    answer
  )
  expect(found).toBeTypeOf("string")
  return String(found)
}

const euros = (minorUnits: string) => ({ minorUnits, currencyCode: "EUR" })

/** Its message holds a signature of the moment, which no file can hold. */
const unwritable = "WebhookService.Receive."

test("there is one example for each method that a connector has", () => {
  const expected = catalog.flatMap((connector) => {
    const has: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> = connector.flows
    return Object.entries(services).flatMap(([service, methods]) =>
      Object.keys(methods)
        .filter((method) => !Object.hasOwn(flows, service) || has[service]?.[method] !== undefined)
        .map((method) => `${capitalized(service)}Service.${capitalized(method)}.${connector.id}.json`)
    )
  })
  expect(
    readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort()
  ).toEqual(expected.filter((name) => !name.startsWith(unwritable)).sort())
})

// the statuses are those that the contract's comments give to what was asked
describe("each example is answered by the running service", { timeout: 30_000 }, () => {
  test("a payment is captured in part, refunded in part, looked up and found by its reference", async () => {
    const authorized = await send("PaymentService.Authorize")
    expect(authorized).toMatchObject({
      payment: { status: "PAYMENT_STATUS_AUTHORIZED", reference: "order-1", amountAuthorized: euros("2000") }
    })
    const ids = { PAYMENT_ID: at(authorized, "payment", "paymentId") }

    expect(await send("PaymentService.Capture", ids)).toMatchObject({
      capture: { paymentId: ids.PAYMENT_ID, status: "OPERATION_STATUS_SUCCEEDED", amountCaptured: euros("1250") }
    })
    const refunded = await send("RefundService.Create", ids)
    expect(refunded).toMatchObject({ refund: { status: "OPERATION_STATUS_SUCCEEDED", amount: euros("500") } })
    const refundId = at(refunded, "refund", "refundId")
    expect(await send("RefundService.Get", { REFUND_ID: refundId })).toMatchObject({
      refund: { refundId, paymentId: ids.PAYMENT_ID, status: "OPERATION_STATUS_SUCCEEDED" }
    })
    const found = {
      paymentId: ids.PAYMENT_ID,
      status: "PAYMENT_STATUS_CAPTURED",
      amountCaptured: euros("1250"),
      amountRefunded: euros("500")
    }
    expect(await send("PaymentService.Get", ids)).toMatchObject({ payment: found })
    expect(await send("SettlementService.Settle")).toMatchObject({ taken: { found: { payment: found } } })
  })

  test("a payment is voided", async () => {
    const authorized = await send("PaymentService.Authorize", {}, { "order-1": "order-2" })
    const ids = { PAYMENT_ID: at(authorized, "payment", "paymentId") }
    expect(await send("PaymentService.Void", ids)).toMatchObject({
      payment: { paymentId: ids.PAYMENT_ID, status: "PAYMENT_STATUS_VOIDED", final: true }
    })
  })

  test("a payment that needs 3-D Secure is completed", async () => {
    const authorized = await send(
      "PaymentService.Authorize",
      {},
      // always authenticates: https://docs.stripe.com/testing#regulatory-cards
      { "order-1": "order-3", "4242424242424242": "4000002760003184" }
    )
    expect(authorized).toMatchObject({ payment: { status: "PAYMENT_STATUS_REQUIRES_ACTION" } })
    const page = at(authorized, "payment", "nextAction", "redirect", "url")
    const back = await fetch(page, { method: "POST", body: "outcome=complete", redirect: "manual" })
    expect(back.headers.get("location")).toMatch(/^https:\/\/shop\.example\/return\?payment_intent=/)
    expect(await send("PaymentService.Complete", { PAYMENT_ID: at(authorized, "payment", "paymentId") })).toMatchObject(
      { payment: { status: "PAYMENT_STATUS_AUTHORIZED" } }
    )
  })

  test("Adyen: a payment is captured, refunded and reversed, each of which is received", async () => {
    const adyen = (method: string, ids = {}, changes = {}) => sendTo("adyen", method, ids, changes)
    const authorized = await adyen("PaymentService.Authorize")
    expect(authorized).toMatchObject({ payment: { status: "PAYMENT_STATUS_AUTHORIZED", reference: "order-1" } })
    const ids = { PAYMENT_ID: at(authorized, "payment", "paymentId") }
    const received = { paymentId: ids.PAYMENT_ID, status: "OPERATION_STATUS_PENDING", rawStatus: "received" }
    expect(await adyen("PaymentService.Capture", ids)).toMatchObject({ capture: received })
    expect(await adyen("RefundService.Create", ids)).toMatchObject({ refund: received })
    const released = { paymentId: ids.PAYMENT_ID, status: "PAYMENT_STATUS_PENDING", rawStatus: "received" }
    expect(await adyen("PaymentService.Reverse", ids)).toMatchObject({ payment: released })
    expect(await adyen("PaymentService.Void", ids)).toMatchObject({ payment: released })
    // it has no look-up
    expect(await adyen("SettlementService.Settle")).toMatchObject({ stillUnknown: { awaitWebhook: true } })
    expect(await adyen("ConnectorService.List")).toMatchObject({ connectors: expect.anything() })
    expect(await adyen("ConnectorService.Get")).toMatchObject({ connector: { id: "adyen" } })
  })

  test("Adyen: a payment that needs 3-D Secure is completed", async () => {
    // https://docs.adyen.com/development-resources/testing/3d-secure-2-authentication
    const changes = { "order-1": "order-3", "4111111111111111": "4917610000000000" }
    const authorized = await sendTo("adyen", "PaymentService.Authorize", {}, changes)
    expect(authorized).toMatchObject({ payment: { status: "PAYMENT_STATUS_REQUIRES_ACTION" } })
    const page = at(authorized, "payment", "nextAction", "redirect", "url")
    const back = await fetch(page, { method: "POST", body: "choice=authorise", redirect: "manual" })
    const result = new URL(back.headers.get("location") ?? "").searchParams.get("redirectResult") ?? ""
    const ids = { PAYMENT_ID: at(authorized, "payment", "paymentId"), REDIRECT_RESULT: result }
    expect(await sendTo("adyen", "PaymentService.Complete", ids)).toMatchObject({
      payment: { status: "PAYMENT_STATUS_AUTHORIZED" }
    })
  })

  test("PayPal: a payment is captured in part, refunded in part, looked up and settled", async () => {
    const paypal = (method: string, ids = {}, changes = {}) => sendTo("paypal", method, ids, changes)
    const authorized = await paypal("PaymentService.Authorize")
    expect(authorized).toMatchObject({ payment: { status: "PAYMENT_STATUS_AUTHORIZED", reference: "order-1" } })
    const ids = {
      PAYMENT_ID: at(authorized, "payment", "paymentId"),
      AUTHORIZATION_ID: at(authorized, "payment", "state", "authorizationId")
    }
    const captured = await paypal("PaymentService.Capture", ids)
    const done = { status: "OPERATION_STATUS_SUCCEEDED" }
    expect(captured).toMatchObject({ capture: { ...done, amount: euros("1250") } })
    const withCapture = { ...ids, CAPTURE_ID: at(captured, "capture", "state", "captureId") }
    const refunded = await paypal("RefundService.Create", withCapture)
    expect(refunded).toMatchObject({ refund: { ...done, amount: euros("500") } })
    const refundId = at(refunded, "refund", "refundId")
    expect(await paypal("RefundService.Get", { REFUND_ID: refundId })).toMatchObject({ refund: { refundId, ...done } })
    const found = { paymentId: ids.PAYMENT_ID, amountCaptured: euros("1250"), amountRefunded: euros("500") }
    expect(await paypal("PaymentService.Get", ids)).toMatchObject({ payment: found })
    expect(await paypal("SettlementService.Settle", ids)).toMatchObject({
      taken: { found: { capture: { ...done, amount: euros("1250") } } }
    })
    expect(await paypal("ConnectorService.List")).toMatchObject({ connectors: expect.anything() })
    expect(await paypal("ConnectorService.Get")).toMatchObject({ connector: { id: "paypal" } })
  })

  test("PayPal: a payment is voided, and one that the payer approves is completed", async () => {
    const second = await sendTo("paypal", "PaymentService.Authorize", {}, { "order-1": "order-2" })
    const ids = {
      PAYMENT_ID: at(second, "payment", "paymentId"),
      AUTHORIZATION_ID: at(second, "payment", "state", "authorizationId")
    }
    expect(await sendTo("paypal", "PaymentService.Void", ids)).toMatchObject({
      payment: { status: "PAYMENT_STATUS_VOIDED", final: true }
    })
    // https://developer.paypal.com, "3D Secure test scenarios"
    const changes = {
      "order-1": "order-3",
      "4111111111111111": "4868719460707704",
      '"captureMethod"':
        '"threeDSecureRequest": "THREE_D_SECURE_REQUEST_ALWAYS", "returnUrl": "https://shop.example/return", "captureMethod"'
    }
    const third = await sendTo("paypal", "PaymentService.Authorize", {}, changes)
    expect(third).toMatchObject({ payment: { status: "PAYMENT_STATUS_REQUIRES_ACTION" } })
    const page = at(third, "payment", "nextAction", "redirect", "url")
    await fetch(page, { method: "POST", body: "outcome=complete", redirect: "manual" })
    expect(
      await sendTo("paypal", "PaymentService.Complete", { PAYMENT_ID: at(third, "payment", "paymentId") })
    ).toMatchObject({ payment: { status: "PAYMENT_STATUS_AUTHORIZED" } })
  })

  test("the connectors are listed", async () => {
    const stripe = {
      id: "stripe",
      flows: expect.arrayContaining([expect.objectContaining({ name: "payment.capture" })])
    }
    expect(await send("ConnectorService.List")).toMatchObject({
      connectors: expect.arrayContaining([expect.objectContaining(stripe)])
    })
    expect(await send("ConnectorService.Get")).toMatchObject({ connector: stripe })
  })
})

test.each([
  // the ids are those of the bodies
  ["stripe", "acct_1", "pi_1"],
  ["adyen", "ShopECOM", "QFQTPCQ8HXSKGK82"],
  ["paypal", "3SQBR4YEWZ4BA", "27M47624FP291604U"]
])(
  "a webhook of %s is identified",
  async (connector, account, id) => {
    expect(await sendTo(connector, "WebhookService.Identify")).toEqual({
      unverified: { account, objectIds: expect.arrayContaining([id]) }
    })
  },
  30_000
)

test("the commands of README.md work in their order, as they stand", async () => {
  const readme = readFileSync(resolve(folder, "README.md"), "utf8")
  const commands = blocksOf(readme, "sh").join("")
  // a service of its own: the references are those of the tests above
  const own = startProgram("serve")
  await own.said("Ctrl-C ends it.")
  const script = commands.replaceAll("127.0.0.1:50051", placesOf(own.stdout()).grpc)
  const { code, stderr, stdout } = await runCommand("sh", ["-euc", script])
  signal(own, "SIGTERM")
  await own.ended
  // npm may warn of the machine's own configuration
  expect({ code, stderr: stderr.replace(/^npm warn .*\n/gm, "") }).toEqual({ code: 0, stderr: "" })
  const statuses = [...stdout.matchAll(/"status": "([A-Z_]+)"/g)].map(([, status]) => status)
  expect(statuses).toEqual([
    "PAYMENT_STATUS_AUTHORIZED",
    "OPERATION_STATUS_SUCCEEDED",
    "OPERATION_STATUS_SUCCEEDED",
    "OPERATION_STATUS_SUCCEEDED",
    "PAYMENT_STATUS_CAPTURED",
    "PAYMENT_STATUS_CAPTURED",
    "PAYMENT_STATUS_AUTHORIZED",
    "PAYMENT_STATUS_VOIDED",
    "PAYMENT_STATUS_REQUIRES_ACTION",
    "PAYMENT_STATUS_AUTHORIZED"
  ])
}, 120_000)
