import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import {
  create,
  createFileRegistry,
  type DescEnum,
  type DescField,
  type DescMessage,
  fromBinary,
  type Message,
  ScalarType
} from "@bufbuild/protobuf"
import { reflect } from "@bufbuild/protobuf/reflect"
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt"
import fc from "fast-check"
import { answerText, requestText } from "./Values.ts"

const file = createRequire(import.meta.url).resolve("@connector-service/proto/descriptors.binpb")

/** The proto as protobuf-es, a second implementation of the encoding, reads it from the descriptor set. */
export const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(file)))

/** The files of payments.v1. */
export const files = [...registry.files].filter(({ proto }) => proto.package === "payments.v1")

/** A message's descriptor by its name in payments.v1. */
export const descriptor = (name: string): DescMessage => {
  const found = registry.getMessage(`payments.v1.${name}`)
  if (found === undefined) throw new Error(`no message ${name}`)
  return found
}

/** An enum value's word: its name without the enum's prefix; none for zero. */
export const wordOf = ({ values }: DescEnum, number: number): string | undefined => {
  const prefix = values[0]?.name.replace(/UNSPECIFIED$/, "") ?? ""
  return number === 0 ? undefined : values.find((value) => value.number === number)?.name.slice(prefix.length)
}

/** How messages are made: with a request's valid texts or an answer's any, and with all fields or some. */
export interface Manner {
  readonly of: "request" | "answer"
  readonly fields: "all" | "some"
}

/** Fields without `optional` that may still be absent: see the proto's comments. */
const unmarked = new Set([
  "three_d_secure_request",
  "PaymentServiceVoidRequest.reason",
  "RefundServiceCreateRequest.reason",
  "PaymentServiceAuthorizeRequest.first_sent_at",
  "PaymentServiceCaptureRequest.first_sent_at",
  "PaymentServiceVoidRequest.first_sent_at",
  "PaymentServiceCompleteRequest.first_sent_at",
  "RefundServiceCreateRequest.first_sent_at",
  "PaymentServiceAuthorizeRequest.three_d_secure_request",
  "PaymentServiceReverseRequest.first_sent_at",
  "Unsettled.first_sent_at",
  "Wait.expires_at",
  "QrCode.expires_at",
  "Flow.settling",
  "WrongState.found",
  "Duplicate.found",
  "Dispute.respond_by"
])
const nameOf = (field: DescField): string => `${field.parent.name}.${field.name}`
const mayBeAbsent = (field: DescField): boolean =>
  field.fieldKind === "map" || field.fieldKind === "list" || field.proto.proto3Optional || unmarked.has(nameOf(field))

const seconds = fc.bigInt({ min: 1n, max: 4_000_000_000n })
const wellKnown: Readonly<Record<string, fc.Arbitrary<Record<string, unknown>>>> = {
  // Date, in which the generated code reads it, holds milliseconds
  "google.protobuf.Timestamp": fc.record({
    seconds,
    nanos: fc.integer({ min: 0, max: 999 }).map((millis) => millis * 1_000_000)
  }),
  "google.protobuf.Duration": fc.record({ seconds, nanos: fc.integer({ min: 0, max: 999_999_999 }) })
}

const numbers: Readonly<Record<string, fc.Arbitrary<number | bigint>>> = {
  expiry_month: fc.integer({ min: 1, max: 12 }),
  expiry_year: fc.integer({ min: 2000, max: 2099 }),
  minor_units: fc.bigInt({ min: 1n, max: 999_999_999_999n }),
  delivery_number: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
  color_depth: fc.constantFrom(1, 24, 32, 48),
  // Date.prototype.getTimezoneOffset: minutes, ahead of UTC below zero
  time_zone_offset: fc.integer({ min: -840, max: 720 }),
  screen_height: fc.integer({ min: 1, max: 10_000 }),
  screen_width: fc.integer({ min: 1, max: 10_000 }),
  tax_rate: fc.integer({ min: 1, max: 10_000 })
}

const texts = (field: DescField, manner: Manner): fc.Arbitrary<string> =>
  // answers carry amounts too, and those are as strict
  manner.of === "request" || field.name === "currency_code"
    ? requestText(field.name)
    : answerText(field.name, manner.fields === "all")

const partOf = (field: DescField, manner: Manner): fc.Arbitrary<unknown> => {
  const least = manner.fields === "all" ? 1 : 0
  switch (field.fieldKind) {
    case "message":
      return (
        wellKnown[field.message.typeName]?.map((value) => create(field.message, value)) ??
        messageOf(field.message, manner)
      )
    case "enum":
      return fc.constantFrom(...field.enum.values.flatMap(({ number }) => (number === 0 ? [] : [number])))
    case "list":
      return fc.array<unknown>(field.listKind === "message" ? messageOf(field.message, manner) : texts(field, manner), {
        minLength: least,
        maxLength: 3
      })
    case "map":
      return fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9._-]{0,20}$/), fc.string({ maxLength: 50 }), {
        minKeys: least,
        maxKeys: 4
      })
    case "scalar":
      if (field.scalar === ScalarType.BYTES) return fc.uint8Array({ minLength: least, maxLength: 300 })
      switch (typeof (numbers[field.name] ?? reflect(field.parent).get(field))) {
        case "string":
          return texts(field, manner)
        case "boolean":
          return manner.fields === "all" ? fc.constant(true) : fc.boolean()
        default:
          return numbers[field.name] ?? fc.integer({ min: 1, max: 1_000_000 })
      }
  }
}

/** Messages of a kind. */
export const messageOf = (desc: DescMessage, manner: Manner): fc.Arbitrary<Message> => {
  const parts = desc.members.map((member) => {
    if (member.kind === "oneof")
      return fc.oneof(
        ...member.fields.map((field) =>
          partOf(field, manner).map((value) => [member.localName, { case: field.localName, value }] as const)
        )
      )
    const value = partOf(member, manner).map((value) => [member.localName, value] as const)
    return manner.fields === "some" && mayBeAbsent(member)
      ? fc.oneof(value, fc.constant([member.localName, undefined] as const))
      : value
  })
  return fc
    .tuple(...parts)
    .map((entries) => create(desc, Object.fromEntries(entries.filter(([, value]) => value !== undefined))))
}

const secret = new Set([
  "Card.number",
  "Card.cvc",
  "NetworkToken.number",
  "NetworkToken.cryptogram",
  "ThreeDSecureResult.cryptogram",
  "ApplePay.payment_data",
  "ApplePayDecrypted.number",
  "ApplePayDecrypted.cryptogram",
  "GooglePay.token",
  "GooglePayDecrypted.number",
  "GooglePayDecrypted.cryptogram",
  "BancontactCard.number",
  "SepaDebit.iban",
  "Blik.code",
  "ClientSdk.client_secret",
  "Challenge.token"
])
/** Messages whose kind the domain says in a tag of their own. */
const tags: Readonly<Record<string, string>> = { Unverified: "Unverified", WebhookServiceReceiveResponse: "Received" }
const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/**
 * A message as the domain should hold it, drawn from the descriptor alone: fields by their names, enums by their words,
 * a message that is one oneof by its tag.
 */
export const asDomain = (desc: DescMessage, message: Message, visit?: (field: string) => void): unknown => {
  const view = reflect(desc, message)
  const read = (field: DescField): unknown => {
    visit?.(nameOf(field))
    const value: unknown = view.get(field)
    switch (field.fieldKind) {
      case "enum":
        return wordOf(field.enum, Number(value))
      case "message":
        return view.isSet(field) ? nested(field.message, view.get(field).message, visit) : undefined
      case "list": {
        const items = [...view.get(field)]
        const { listKind, message } = field
        return listKind === "message"
          ? items.map((item) => nested(message, (item as { message: Message }).message, visit))
          : items
      }
      case "map":
        return Object.fromEntries(view.get(field))
      default:
        if (!view.isSet(field) && field.proto.proto3Optional) return undefined
        return secret.has(nameOf(field)) ? { redacted: value } : value
    }
  }
  const [only] = desc.members
  const entries = desc.members.map((member) => {
    const field = member.kind === "oneof" ? view.oneofCase(member) : member
    const value = field === undefined ? undefined : read(field)
    if (member.kind !== "oneof" || field === undefined) return [member.localName, value] as const
    const named = desc.name === "Found" || (desc.name === "Event" && field.name !== "other")
    const tagged = named ? { [field.localName]: value } : (value as object)
    return [member.localName, { _tag: pascal(field.localName), ...tagged }] as const
  })
  if (desc.members.length === 1 && only?.kind === "oneof") return entries[0]?.[1]
  const { [desc.name]: tag } = tags
  const { subject, ...parts } = Object.fromEntries(entries)
  // an event's subject is what it is, and a header is a pair
  if (desc.name === "Event") return { ...parts, ...(subject as object) }
  if (desc.name === "Header") return entries.map(([, value]) => value)
  return tag === undefined ? { ...parts, subject } : { _tag: tag, ...parts }
}

const nested = (desc: DescMessage, message: Message, visit?: (field: string) => void): unknown => {
  // both well-known types have these fields
  const { nanos, seconds } = message as unknown as { seconds: bigint; nanos: number }
  if (desc.typeName === "google.protobuf.Timestamp") return { time: Number(seconds) * 1000 + nanos / 1_000_000 }
  if (desc.typeName === "google.protobuf.Duration") return { nanos: seconds * 1_000_000_000n + BigInt(nanos) }
  return asDomain(desc, message, visit)
}
