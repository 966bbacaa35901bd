import type { Address, Customer, Shipping } from "@connector-service/domain/Customer"
import type { Money } from "@connector-service/domain/Money"
import type { PaymentMethod } from "@connector-service/domain/PaymentMethod"
import type { ThreeDSecureResult } from "@connector-service/domain/ThreeDSecure"
import type * as GoogleDuration from "@connector-service/proto/google/protobuf/duration"
import type * as Proto from "@connector-service/proto/payments/v1/types"
import { Duration, Option, Redacted } from "effect"
import type { Full, Given } from "./Codec.ts"
import { threeDSecureStatus } from "./enums.ts"

type PaymentMethodEncoded = (typeof PaymentMethod)["Encoded"]
type ThreeDSecureResultEncoded = (typeof ThreeDSecureResult)["Encoded"]

/** A map with entries, or nothing: proto3 cannot tell an empty map from none. */
export const filled = (entries: { [key: string]: string }): { [key: string]: string } | undefined => {
  for (const _ in entries) return entries
  return undefined
}

/** An empty text is an absent one where proto3 gives the field no presence. */
export const present = (text: string): string | undefined => (text === "" ? undefined : text)

/** A zero is an absent number where proto3 gives the field no presence and zero is no value. */
export const nonZero = (number: number): number | undefined => (number === 0 ? undefined : number)

const nanosInSecond = 1_000_000_000n
/** The largest google.protobuf.Duration: 10,000 years. */
const longest = 315_576_000_000n

/** google.protobuf.Duration. */
export const duration = {
  toProto: (value: Duration.Duration): Full<GoogleDuration.Duration> => {
    const nanos = Option.getOrElse(Duration.toNanos(value), () =>
      Duration.isNegative(value) ? -longest * nanosInSecond : longest * nanosInSecond
    )
    return { seconds: nanos / nanosInSecond, nanos: Number(nanos % nanosInSecond) }
  },
  fromProto: (message: GoogleDuration.Duration | undefined): Duration.Duration | undefined =>
    message === undefined
      ? undefined
      : message.nanos % 1_000_000 === 0
        ? Duration.millis(Number(message.seconds) * 1000 + message.nanos / 1_000_000)
        : Duration.nanos(message.seconds * nanosInSecond + BigInt(message.nanos))
}

/** Money. */
export const money = {
  toProto: (value: Money): Full<Proto.Money> => ({ minorUnits: value.minorUnits, currencyCode: value.currencyCode }),
  fromProto: (message: Proto.Money): Money => ({ minorUnits: message.minorUnits, currencyCode: message.currencyCode })
}

/** Address. */
export const address = {
  toProto: (value: Address): Full<Proto.Address> => ({
    line1: value.line1,
    line2: value.line2,
    city: value.city,
    region: value.region,
    postalCode: value.postalCode,
    countryCode: value.countryCode
  }),
  given: (message: Proto.Address): Given<Address> => ({
    line1: message.line1,
    line2: message.line2,
    city: message.city,
    region: message.region,
    postalCode: message.postalCode,
    countryCode: message.countryCode
  })
}

/** Customer. */
export const customer = {
  toProto: (value: Customer): Full<Proto.Customer> => ({
    id: value.id,
    name: value.name,
    email: value.email,
    phone: value.phone
  }),
  given: (message: Proto.Customer): Given<Customer> => ({
    id: message.id,
    name: message.name,
    email: message.email,
    phone: message.phone
  })
}

/** Shipping. */
export const shipping = {
  toProto: (value: Shipping): Full<Proto.Shipping> => ({
    name: value.name,
    address: address.toProto(value.address),
    phone: value.phone,
    carrier: value.carrier,
    trackingNumber: value.trackingNumber
  }),
  given: (message: Proto.Shipping): Given<Shipping> => ({
    name: message.name,
    address: message.address && address.given(message.address),
    phone: message.phone,
    carrier: message.carrier,
    trackingNumber: message.trackingNumber
  })
}

/** PaymentMethod: its oneof is the domain's `_tag`. */
export const paymentMethod = {
  toProto: (value: PaymentMethod): Full<Proto.PaymentMethod> => {
    switch (value._tag) {
      case "Card":
        return {
          method: {
            $case: "card",
            value: {
              number: Redacted.value(value.number),
              expiryMonth: value.expiryMonth,
              expiryYear: value.expiryYear,
              cvc: value.cvc && Redacted.value(value.cvc),
              holderName: value.holderName
            } satisfies Full<Proto.Card>
          }
        }
      case "NetworkToken":
        return {
          method: {
            $case: "networkToken",
            value: {
              number: Redacted.value(value.number),
              expiryMonth: value.expiryMonth,
              expiryYear: value.expiryYear,
              cryptogram: value.cryptogram && Redacted.value(value.cryptogram),
              eci: value.eci,
              holderName: value.holderName
            } satisfies Full<Proto.NetworkToken>
          }
        }
      case "SavedPaymentMethod":
        return {
          method: { $case: "savedPaymentMethod", value: { id: value.id } satisfies Full<Proto.SavedPaymentMethod> }
        }
    }
  },
  given: ({ method }: Proto.PaymentMethod): Given<PaymentMethodEncoded> | undefined => {
    switch (method?.$case) {
      case "card":
        return {
          _tag: "Card",
          number: method.value.number,
          expiryMonth: nonZero(method.value.expiryMonth),
          expiryYear: nonZero(method.value.expiryYear),
          cvc: method.value.cvc,
          holderName: method.value.holderName
        }
      case "networkToken":
        return {
          _tag: "NetworkToken",
          number: method.value.number,
          expiryMonth: nonZero(method.value.expiryMonth),
          expiryYear: nonZero(method.value.expiryYear),
          cryptogram: method.value.cryptogram,
          eci: method.value.eci,
          holderName: method.value.holderName
        }
      case "savedPaymentMethod":
        return { _tag: "SavedPaymentMethod", id: method.value.id }
      case undefined:
        return undefined
    }
  }
} as const

/** ThreeDSecureResult. */
export const threeDSecureResult = {
  toProto: (value: ThreeDSecureResult): Full<Proto.ThreeDSecureResult> => ({
    version: value.version,
    cryptogram: Redacted.value(value.cryptogram),
    transactionId: value.transactionId,
    eci: value.eci,
    status: threeDSecureStatus.toProto(value.status)
  }),
  given: (message: Proto.ThreeDSecureResult): Given<ThreeDSecureResultEncoded> => ({
    version: message.version,
    cryptogram: message.cryptogram,
    transactionId: message.transactionId,
    eci: message.eci,
    status: threeDSecureStatus.given(message.status)
  })
}
