import { checks } from "@connector-service/conformance/Check"
import { asArray, asObject, asString, deref, isObject, lookUp } from "@connector-service/conformance/Json"
import { paypalApi } from "@connector-service/conformance/OpenApi"
import { loadSpec } from "@connector-service/conformance/Specs"
import { paypal } from "@connector-service/connectors/paypal/connector"
import { toRefusal } from "@connector-service/connectors/paypal/declines"
import { expect, it } from "vitest"
import { describeWithSpecs, type Like, read, sentBy } from "../Examples.ts"

const files = ["paypal/checkout_orders_v2.json", "paypal/payments_payment_v2.json"]
/** Operations that are none of our flows'. */
const foreign = /confirm-payment-source|reauthorize|track|patch$/

const input = { paymentId: "5O190127TN364715T" }
const flow = "payment.authorize"
const check = checks({ connector: paypal.id, flow, kind: "example" })

interface Operation {
  readonly file: string
  readonly name: string
  readonly node: Readonly<Record<string, unknown>>
}

const operations = (): ReadonlyArray<Operation> =>
  files.flatMap((file) =>
    Object.entries(asObject(loadSpec(file).paths)).flatMap(([path, item]) =>
      Object.entries(asObject(item)).map(([method, node]) => ({
        file,
        name: `${path} ${method}`,
        node: asObject(node)
      }))
    )
  )
const ours = () => operations().filter(({ name }) => !foreign.test(name))

const json = "application/json"
const examplesIn = (content: unknown) =>
  Object.entries(asObject(asObject(asObject(content)[json]).examples)).map(
    ([name, example]) => [name, asObject(example).value] as const
  )

const usd = (minorUnits: bigint) => ({ minorUnits, currencyCode: "USD" })
const returnUrl = "https://example.com/returnUrl"

/** Every published request of our flows, by its flow, and the like input. */
const requests: Readonly<Record<string, readonly [flow: string, like: Like]>> = {
  order_request: [
    "payment.authorize",
    {
      input: {
        reference: "INVOICE-123",
        amount: usd(10000n),
        captureMethod: "AUTOMATIC",
        paymentMethod: { _tag: "Paypal" },
        returnUrl,
        locale: "en-US"
      },
      because: "a unit has our references, the payer comes back to one page, and its looks are the account's",
      instead: {
        purchase_units: [
          {
            invoice_id: "INVOICE-123",
            custom_id: "INVOICE-123",
            amount: { currency_code: "USD", value: "100.00" }
          }
        ],
        payment_source: {
          paypal: {
            experience_context: {
              return_url: returnUrl,
              cancel_url: returnUrl,
              locale: "en-US",
              user_action: "PAY_NOW",
              shipping_preference: "NO_SHIPPING"
            }
          }
        }
      }
    }
  ],
  capture_request: [
    "payment.capture",
    {
      input: {
        reference: "INVOICE-123",
        paymentId: input.paymentId,
        amount: usd(1099n),
        statementDescriptor: "Bobs Custom Sweaters",
        state: { authorizationId: "0VF52814937998046", authorized: "10.99 USD" }
      },
      because: "our descriptors have no apostrophe, and there is no note to the payer",
      instead: { soft_descriptor: "Bobs Custom Sweaters", note_to_payer: undefined }
    }
  ],
  refund_request: [
    "refund.create",
    {
      input: {
        reference: "INVOICE-123",
        paymentId: input.paymentId,
        amount: usd(1000n),
        state: { captureId: "3C679366HH908993F" }
      },
      because: "a refund has our reference twice, no note and no fees of a platform",
      instead: { custom_id: "INVOICE-123", note_to_payer: undefined, payment_instruction: undefined }
    }
  ]
}

/** Every request and reply that PayPal's published files give as an example of our flows, and what it is to us. */
describeWithSpecs("published examples", () => {
  it("are these", () => {
    const names = ours().flatMap(({ name, node }) => [
      ...examplesIn(asObject(node.requestBody).content).map(([example]) => `${name}: ${example}`),
      ...Object.entries(asObject(node.responses)).flatMap(([status, response]) =>
        examplesIn(asObject(response).content).map(([example]) => `${name} ${status}: ${example}`)
      )
    ])
    expect(names).toEqual([
      "/v2/checkout/orders post: order_request",
      "/v2/checkout/orders post 201: orders_request_create",
      "/v2/payments/authorizations/{authorization_id}/capture post: capture_request",
      "/v2/payments/captures/{capture_id}/refund post: refund_request"
    ])
  })

  it("requests are what we send, but for what is said beside each", () => {
    const published = ours().flatMap(({ node }) => examplesIn(asObject(node.requestBody).content))
    expect(published.map(([name]) => name).toSorted()).toEqual(Object.keys(requests).toSorted())
    for (const [name, value] of published) {
      const [flow = "", like] = requests[name] ?? []
      expect(sentBy(paypal, flow, like?.input ?? {}, {}), name).toEqual({ ...asObject(value), ...like?.instead })
    }
  })

  it("requests are valid but for what PayPal's own example adds", () => {
    const problems = ours().flatMap(({ name, node }) =>
      examplesIn(asObject(node.requestBody).content).flatMap(([, value]) => {
        const [path = "", method = ""] = name.split(" ")
        const url = path.replace(/\{\w+\}/, "5O190127TN364715T")
        return paypalApi()
          .checkRequest({ method, url, contentType: json, body: JSON.stringify(value) })
          .map(({ where }) => where)
      })
    )
    // the file's own schema of the wallet's context has no such field
    expect(problems).toEqual(["body/payment_source/paypal/experience_context/payment_method_selected"])
  })

  it("orders_request_create has no id, so nothing can be told of it", check, () => {
    const [created] = ours().flatMap(({ node }) =>
      examplesIn(asObject(asObject(asObject(node.responses)["201"])).content)
    )
    expect(read(paypal, { flow, input, status: 201, body: () => created?.[1] })).toMatchObject({
      _tag: "UnreadableReply"
    })
  })

  it.each(["error_500", "error_503"])("%s says nothing of what was done, whatever its status", check, (name) => {
    const body = lookUp(loadSpec("paypal/checkout_orders_v2.json"), `#/components/schemas/${name}/example`)
    expect(read(paypal, { flow, input, status: 400, body: () => body })).toMatchObject({
      _tag: "UnreadableReply",
      httpStatus: 400
    })
  })
})

/** Every issue in a schema, wherever it is. */
const issuesIn = (node: unknown): ReadonlyArray<string> => {
  if (Array.isArray(node)) return node.flatMap(issuesIn)
  if (!isObject(node)) return []
  const own = asArray(asObject(node.issue).enum).flatMap((issue) => asString(issue) ?? [])
  return [...own, ...Object.values(node).flatMap(issuesIn)]
}

/** Issues of our operations by status: with the schemas that a reply's names, one deep. */
const published = (): ReadonlyArray<readonly [status: number, issue: string]> => {
  const all = ours().flatMap(({ file, node }) =>
    Object.entries(asObject(node.responses)).flatMap(([status, response]) => {
      const schema = asObject(asObject(asObject(asObject(response).content)[json]).schema)
      const parts = [schema, ...asArray(schema.allOf)].map((part) => deref(loadSpec(file), part, "#").node)
      return parts.flatMap(issuesIn).map((issue) => `${status} ${issue}`)
    })
  )
  return [...new Set(all)].toSorted().flatMap((pair) => {
    const [status, issue] = pair.split(" ")
    return issue === undefined ? [] : [[Number(status), issue] as const]
  })
}

/** By the words beside each in the files: the object was changed before, or is waited for. */
const conflicts: Readonly<Record<string, ReadonlyArray<string>>> = {
  Key: ["DUPLICATE_INVOICE_ID"],
  InProgress: ["PREVIOUS_REQUEST_IN_PROGRESS"],
  State: [
    "AUTHORIZATION_ALREADY_CAPTURED",
    "AUTHORIZATION_DENIED",
    "AUTHORIZATION_EXPIRED",
    "AUTHORIZATION_VOIDED",
    "CAPTURE_FULLY_REFUNDED",
    "MAX_AUTHORIZATION_COUNT_EXCEEDED",
    "MAX_CAPTURE_AMOUNT_EXCEEDED",
    "MAX_CAPTURE_COUNT_EXCEEDED",
    "MAX_NUMBER_OF_REFUNDS_EXCEEDED",
    "ORDER_ALREADY_AUTHORIZED",
    "ORDER_ALREADY_CAPTURED",
    "ORDER_COMPLETED_OR_VOIDED",
    "ORDER_COMPLETION_IN_PROGRESS",
    "ORDER_EXPIRED",
    "ORDER_NOT_APPROVED",
    "PAYER_ACTION_REQUIRED",
    "PENDING_CAPTURE",
    "PREVIOUSLY_CAPTURED",
    "PREVIOUSLY_VOIDED",
    "REFUND_AMOUNT_EXCEEDED",
    "REFUND_NOT_ALLOWED",
    "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK",
    "REFUND_TIME_LIMIT_EXCEEDED",
    "TRANSACTION_DISPUTED"
  ]
}

/** By the words beside each: the payment is refused, not the request. */
const refusals = [
  "ALIAS_DECLINED_BY_PROCESSOR",
  "BILLING_ADDRESS_INVALID",
  "CARD_BRAND_NOT_SUPPORTED",
  "CARD_EXPIRED",
  "COMPLIANCE_VIOLATION",
  "DECLINED_DUE_TO_RELATED_TXN",
  "DOMESTIC_TRANSACTION_REQUIRED",
  "INSTRUMENT_DECLINED",
  "INVALID_EXPIRY_DATE",
  "INVALID_SECURITY_CODE_LENGTH",
  "MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED",
  "PAYEE_BLOCKED_TRANSACTION",
  "PAYER_ACCOUNT_LOCKED_OR_CLOSED",
  "PAYER_ACCOUNT_RESTRICTED",
  "PAYER_CANNOT_PAY",
  "PAYMENT_SOURCE_CANNOT_BE_USED",
  "PAYMENT_SOURCE_DECLINED_BY_PROCESSOR",
  "PAYMENT_SOURCE_INFO_CANNOT_BE_VERIFIED",
  "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING",
  "REFERENCED_CARD_EXPIRED",
  "TRANSACTION_BLOCKED_BY_PAYEE",
  "TRANSACTION_LIMIT_EXCEEDED",
  "TRANSACTION_RECEIVING_LIMIT_EXCEEDED",
  "TRANSACTION_REFUSED"
]

const meaning = (status: number, issue: string): object => {
  const kind = Object.keys(conflicts).find((kind) => conflicts[kind]?.includes(issue))
  if (kind !== undefined) return { _tag: "Conflict", kind, rawCode: issue }
  if (refusals.includes(issue)) return { _tag: "Declined", decline: { rawCode: issue } }
  return status === 401 || issue === "PERMISSION_DENIED"
    ? { _tag: "InvalidCredentials", refusedByProcessor: true }
    : { _tag: "Rejected", httpStatus: status, rawCode: issue }
}

describeWithSpecs("published issues", () => {
  it("are known by their status", () => {
    expect(published().length).toBeGreaterThan(150)
    const told = published().map(([status, issue]) =>
      read(paypal, { flow, input, status, body: () => ({ name: "X", details: [{ issue }] }) })
    )
    expect(told).toMatchObject(published().map(([status, issue]) => meaning(status, issue)))
  })

  it("are all that is looked up or refused", () => {
    const known = new Set(published().map(([, issue]) => issue))
    const reviewed = [...Object.values(conflicts).flat(), ...refusals]
    expect(reviewed.filter((issue) => !known.has(issue))).toEqual([])
    expect(refusals.filter((issue) => toRefusal(issue, undefined)?.code === "UNRECOGNIZED")).toEqual([])
  })
})
