import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf"
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt"
import { decline } from "@connector-service/domain/Decline"
import { Declined } from "@connector-service/domain/Reason"
import { flows, services } from "@connector-service/domain/Services"
import { expect, it } from "vitest"

const descriptors = createRequire(import.meta.url).resolve("@connector-service/proto/descriptors.binpb")
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)))

/** `PaymentService.Capture` as the table writes it: `payment.capture`. */
const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)
const published = [...registry.files]
  .filter(({ proto }) => proto.package === "payments.v1")
  .flatMap((file) => file.services)
  .flatMap(({ methods, name }) =>
    // a stream is of another kind than the rows
    methods
      .filter(({ methodKind }) => methodKind === "unary")
      .map((rpc) => `${lower(name.replace(/Service$/, ""))}.${lower(rpc.name)}`)
  )

const rows = (table: Readonly<Record<string, object>>) =>
  Object.entries(table).flatMap(([service, methods]) => Object.keys(methods).map((method) => `${service}.${method}`))

it("the table and the published services are the same methods", () => {
  expect(rows(services).toSorted()).toEqual(published.toSorted())
})

it("connectors implement all but what the service does by itself", () => {
  const own = ["connector.get", "connector.list", "settlement.settle", "webhook.identify", "webhook.receive"]
  expect(rows(flows).toSorted()).toEqual(published.filter((name) => !own.includes(name)).toSorted())
})

it("what may move money or make something is a write, and nothing else is", () => {
  const kinds = Object.fromEntries(
    Object.entries(services).flatMap(([service, methods]) =>
      Object.entries(methods).map(([method, { kind }]) => [`${service}.${method}`, kind])
    )
  )
  expect(kinds).toEqual({
    "payment.authorize": "write",
    "payment.capture": "write",
    "payment.void": "write",
    "payment.reverse": "write",
    "payment.get": "read",
    "payment.complete": "write",
    "refund.create": "write",
    "refund.get": "read",
    "settlement.settle": "read",
    "webhook.identify": "read",
    "webhook.receive": "read",
    "connector.list": "read",
    "connector.get": "read"
  })
})

it("every write carries a reference, and no read does", () => {
  for (const methods of Object.values(services)) {
    for (const { kind, request } of Object.values(methods)) {
      expect("reference" in request.fields).toBe(kind === "write")
    }
  }
})

it("a refusal ends a payment that was just made, and leaves one that was there before to be gone on with", () => {
  const declined = new Declined({ decline: decline("DO_NOT_HONOR", { rawCode: "x" }) })
  const request = { reference: "r", paymentId: "p", state: { intent: "CAPTURE" } }
  expect(flows.payment.complete.declined(declined, request)).toMatchObject({ final: false, state: request.state })
  // a new payment's request has no id; only what the answer is made of is looked at
  const made = flows.payment.authorize.declined(declined, { reference: "r" } as never)
  expect(made).toMatchObject({ status: "DECLINED", final: true, state: {} })
})
