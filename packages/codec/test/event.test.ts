import { fromBinary, fromJson, type JsonValue, toBinary, toJson } from "@bufbuild/protobuf"
import { event, eventJson } from "@connector-service/codec/event"
import { Event as EventSchema } from "@connector-service/domain/Event"
import { Event } from "@connector-service/proto/payments/v1/webhook"
import { DateTime, Schema } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { asDomain, descriptor, messageOf } from "./Descriptors.ts"
import { plain } from "./Values.ts"

const desc = descriptor("Event")
const arbitrary = messageOf(desc, { of: "answer", fields: "some" })

it("reads any event's message into one of the domain's form, and writes it back", () => {
  const isEvent = Schema.is(EventSchema)
  fc.assert(
    fc.property(arbitrary, (message) => {
      const value = event.fromProto(Event.decode(toBinary(desc, message)))
      expect(plain(value)).toEqual(plain(asDomain(desc, message)))
      expect(isEvent(value)).toBe(true)
      const back = fromBinary(desc, Event.encode(event.toProto(value)).finish())
      expect(toJson(desc, back)).toEqual(toJson(desc, message))
    })
  )
})

describe("an event as JSON", () => {
  it("is read as the same message by another implementation of ProtoJSON", () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        const value = event.fromProto(Event.decode(toBinary(desc, message)))
        // through text, as it is sent
        const json: JsonValue = JSON.parse(JSON.stringify(eventJson(value)))
        expect(toJson(desc, fromJson(desc, json))).toEqual(toJson(desc, message))
      })
    )
  })

  it("is as the page of ProtoJSON says", () => {
    // https://protobuf.dev/programming-guides/json: lowerCamelCase, enums by name, int64 as text, RFC 3339
    expect(
      eventJson({
        _tag: "Payout",
        id: "evt_1",
        rawType: "payout.paid",
        occurredAt: DateTime.makeUnsafe("2026-03-01T10:20:30.456Z"),
        account: undefined,
        environment: "live",
        payout: {
          payoutId: "po_1",
          status: "SUCCEEDED",
          rawStatus: "paid",
          reference: undefined,
          amount: { minorUnits: 9_007_199_254_740_993n, currencyCode: "EUR" },
          failureReason: undefined
        }
      })
    ).toEqual({
      id: "evt_1",
      rawType: "payout.paid",
      occurredAt: "2026-03-01T10:20:30.456Z",
      environment: "live",
      payout: {
        payoutId: "po_1",
        status: "OPERATION_STATUS_SUCCEEDED",
        rawStatus: "paid",
        amount: { minorUnits: "9007199254740993", currencyCode: "EUR" }
      }
    })
  })
})

describe("an event of a newer service", () => {
  // an open enum's unknown number and an unknown field reach the reader: https://protobuf.dev/programming-guides/enum/
  const read = (message: Partial<Event>) => event.fromProto(Event.decode(Event.encode(Event.create(message)).finish()))

  it("is one that means nothing to the flows where its subject is not known", () => {
    expect(read({ id: "e", subject: undefined })).toMatchObject({ _tag: "Other", id: "e", raw: "null" })
  })

  it("says nothing of an environment that is not known", () => {
    expect(read({ environment: "test" }).environment).toBeUndefined()
    expect(read({ environment: "sandbox" }).environment).toBe("sandbox")
  })

  it("never takes a kept payment method for one that pays, or a status for one that is known", () => {
    const unknown = 99 as never
    const base = { rawStatus: "x" }
    expect(
      read({
        subject: {
          $case: "paymentMethod",
          value: { ...base, paymentMethodId: "p", status: unknown, customerId: undefined }
        }
      })
    ).toMatchObject({ paymentMethod: { status: "INACTIVE" } })
    expect(
      read({
        subject: {
          $case: "mandate",
          value: { ...base, mandateId: "m", status: unknown, paymentMethodId: undefined }
        }
      })
    ).toMatchObject({ mandate: { status: "UNRECOGNIZED" } })
  })
})
