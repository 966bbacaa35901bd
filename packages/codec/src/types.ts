import type { Address, Browser, Customer, Shipping } from "@connector-service/domain/Customer"
import type { Money } from "@connector-service/domain/Money"
import type { LineItem } from "@connector-service/domain/Payment"
import type { ThreeDSecureResult } from "@connector-service/domain/ThreeDSecure"
import type * as GoogleDuration from "@connector-service/proto/google/protobuf/duration"
import type * as PaymentProto from "@connector-service/proto/payments/v1/payment"
import type * as Proto from "@connector-service/proto/payments/v1/types"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Full, Given } from "./Codec.ts"
import { threeDSecureStatus } from "./enums.ts"

type ThreeDSecureResultEncoded = (typeof ThreeDSecureResult)["Encoded"]

/** A map with entries, or nothing: proto3 cannot tell an empty map from none. */
export const filled = (entries: { [key: string]: string }): { [key: string]: string } | undefined => {
  for (const _ in entries) return entries
  return undefined
}

/** A list with items, or nothing: proto3 cannot tell an empty list from none. */
export const listed = <A>(items: ReadonlyArray<A>): ReadonlyArray<A> | undefined =>
  items.length === 0 ? undefined : items

/** An empty text is an absent one where proto3 gives the field no presence. */
export const present = (text: string): string | undefined => (text === "" ? undefined : text)

/** A zero is an absent number where proto3 gives the field no presence and zero is no value. */
export const nonZero = (number: number): number | undefined => (number === 0 ? undefined : number)

/** A timestamp that is none has no time. */
export const time = (date: Date | undefined): DateTime.Utc | undefined =>
  date === undefined || Number.isNaN(date.getTime()) ? undefined : DateTime.fromDateUnsafe(date)

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
    phone: value.phone,
    givenName: value.givenName,
    familyName: value.familyName
  }),
  given: (message: Proto.Customer): Given<Customer> => ({
    id: message.id,
    name: message.name,
    email: message.email,
    phone: message.phone,
    givenName: message.givenName,
    familyName: message.familyName
  })
}

/** Browser. */
export const browser = {
  toProto: (value: Browser): Full<PaymentProto.Browser> => ({
    userAgent: value.userAgent,
    acceptHeader: value.acceptHeader,
    language: value.language,
    colorDepth: value.colorDepth,
    screenHeight: value.screenHeight,
    screenWidth: value.screenWidth,
    timeZoneOffset: value.timeZoneOffset,
    javaEnabled: value.javaEnabled,
    ipAddress: value.ipAddress
  }),
  given: (message: PaymentProto.Browser): Given<Browser> => ({
    userAgent: message.userAgent,
    acceptHeader: message.acceptHeader,
    language: message.language,
    colorDepth: message.colorDepth,
    screenHeight: message.screenHeight,
    screenWidth: message.screenWidth,
    timeZoneOffset: message.timeZoneOffset,
    javaEnabled: message.javaEnabled,
    ipAddress: message.ipAddress
  })
}

/** LineItem. */
export const lineItem = {
  toProto: (value: LineItem): Full<PaymentProto.LineItem> => ({
    name: value.name,
    quantity: value.quantity,
    unitAmount: money.toProto(value.unitAmount),
    unitTax: value.unitTax && money.toProto(value.unitTax),
    taxRate: value.taxRate,
    sku: value.sku
  }),
  given: (message: PaymentProto.LineItem): Given<LineItem> => ({
    name: message.name,
    quantity: nonZero(message.quantity),
    unitAmount: message.unitAmount && money.fromProto(message.unitAmount),
    unitTax: message.unitTax && money.fromProto(message.unitTax),
    taxRate: message.taxRate,
    sku: message.sku
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
