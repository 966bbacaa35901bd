import { DateTime, Duration, Option, Redacted } from "effect"
import fc from "fast-check"

const luhnDigit = (digits: string): string => {
  // ISO/IEC 7812-1 annex B: every second digit from the right of the full number is doubled
  const sum = [...digits]
    .reverse()
    .reduce(
      (total, digit, index) =>
        total + (index % 2 === 0 ? (Number(digit) * 2) % 9 || (digit === "9" ? 9 : 0) : Number(digit)),
      0
    )
  return String((10 - (sum % 10)) % 10)
}

const text = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 ',.é-]{5,18}[A-Za-z]$/)
const id = fc.stringMatching(/^[a-z]{2}_[A-Za-z0-9]{8,16}$/)
const digits = fc.stringMatching(/^[1-9]\d{10,17}$/)
const base64 = fc.stringMatching(/^[A-Za-z0-9+/]{20,28}$/)

/** Texts that the proto's comments and the standards they name allow, by field. */
const texts: Readonly<Record<string, fc.Arbitrary<string>>> = {
  reference: id,
  order_reference: id,
  idempotency_key: id,
  payment_id: id,
  refund_id: id,
  account: id,
  id,
  statement_descriptor: fc.stringMatching(/^[A-Z]{3,10} [0-9]{2,8}$/),
  return_url: fc.webUrl({ validSchemes: ["http", "https"] }),
  email: fc.stringMatching(/^[a-z.]{1,12}@[a-z]{2,9}\.example$/),
  phone: fc.stringMatching(/^\+[1-9]\d{6,13}$/),
  country_code: fc.constantFrom("NL", "DE", "US", "JP", "KW"),
  currency_code: fc.constantFrom("EUR", "USD", "JPY", "KWD", "CLF"),
  number: digits.map((start) => start + luhnDigit(start)),
  cvc: fc.stringMatching(/^\d{3,4}$/),
  cryptogram: base64,
  eci: fc.constantFrom("01", "02", "05", "06", "7"),
  version: fc.constantFrom("2.1.0", "2.2.0", "2.3.1", "1.0.2"),
  flow: fc.constantFrom("payment.authorize", "payment.capture", "refund.create"),
  // the examples of the IBAN registry (SWIFT, release 99) for NL, DE, GB and FR
  iban: fc.constantFrom(
    "NL91ABNA0417164300",
    "DE89370400440532013000",
    "GB29NWBK60161331926819",
    "FR1420041010050500013M02606"
  ),
  code: fc.stringMatching(/^\d{6}$/),
  locale: fc.constantFrom("nl", "nl-NL", "de-AT"),
  ip_address: fc.oneof(fc.ipV4(), fc.ipV6()),
  postal_code: fc.stringMatching(/^[A-Z0-9]{4,8}$/)
}

/** A valid text for a request's field. */
export const requestText = (field: string): fc.Arbitrary<string> => texts[field] ?? text

/** Any text for an answer's field, save where only two words are possible. */
export const answerText = (field: string, full: boolean): fc.Arbitrary<string> =>
  field === "method"
    ? fc.constantFrom("GET", "POST")
    : field === "environment"
      ? fc.constantFrom("live", "sandbox")
      : fc.string({ unit: "grapheme", minLength: full ? 8 : 0, maxLength: 20 })

const redacted = (value: Redacted.Redacted<unknown>) => ({ redacted: Redacted.value(value) })

/** A domain value as plain data that can be compared: absent and empty parts left out, wrappers opened. */
export const plain = (value: unknown): unknown => {
  if (Redacted.isRedacted(value)) return redacted(value)
  if (DateTime.isDateTime(value)) return { time: DateTime.toEpochMillis(value) }
  if (Duration.isDuration(value)) return { nanos: Option.getOrUndefined(Duration.toNanos(value)) }
  if (value instanceof Uint8Array) return { bytes: [...value] }
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(plain)
  if (typeof value !== "object" || value === null) return value
  const parts = Object.entries(value)
    .map(([key, part]) => [key, plain(part)] as const)
    .filter(([, part]) => part !== undefined)
  return parts.length === 0 ? undefined : Object.fromEntries(parts)
}

/** Every leaf of plain data, by its path. */
export const leaves = (value: unknown, path = ""): ReadonlyArray<readonly [string, unknown]> =>
  typeof value !== "object" || value === null
    ? [[path, value]]
    : Object.entries(value).flatMap(([key, part]) => leaves(part, path === "" ? key : `${path}.${key}`))
