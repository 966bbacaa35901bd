import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

/** A text that UTF-8 can write: without it, each way to a processor would make something else of the text. */
export const wellFormed = Schema.makeFilter((text: string) => text.isWellFormed(), { expected: "well-formed Unicode" })
/** The same of the names and texts of a record. */
export const wellFormedEntries = Schema.makeFilter(
  (entries: Readonly<Record<string, string>>) =>
    Object.entries(entries).every(([name, text]) => name.isWellFormed() && text.isWellFormed()),
  { expected: "well-formed Unicode" }
)
const printable = Schema.makeFilter((text: string) => !/\p{Cc}/u.test(text), { expected: "no control characters" })

/** A text of one line, 1 to `maximum` characters. */
export const line = (maximum: number) =>
  Schema.String.check(
    Schema.makeFilter((text: string) => text.length > 0 && text.length <= maximum, {
      expected: `1 to ${maximum} characters`
    }),
    wellFormed,
    printable
  )

/**
 * A text that does not show itself: decoded, it bears `label` where it would be shown. One that a caller made himself
 * needs none.
 */
export const secret = (text: Schema.String, label: string): Schema.RedactedFromValue<Schema.String> =>
  text.pipe(
    Schema.decodeTo(Schema.Redacted(Schema.toType(text)), {
      decode: SchemaGetter.transform((value: string) => Redacted.make(value, { label })),
      encode: SchemaGetter.transform((value: Redacted.Redacted<string>) => Redacted.value(value))
    })
  )

/** The caller's id of one operation: safe in every processor's fields and in a URL. */
export const Reference = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9._:-]{1,64}$/, { expected: "1 to 64 of the characters A-Z a-z 0-9 . _ : -" })
)

/** A processor's id: goes into a path, so nothing that would change one. */
export const ProcessorId = Schema.String.check(
  Schema.isPattern(/^(?!\.{1,2}$)[A-Za-z0-9._:~-]{1,255}$/, {
    expected: "a processor's id: 1 to 255 of the characters A-Z a-z 0-9 . _ : ~ -"
  })
)

/** A connector's id, of whatever connectors there are. */
export const ConnectorId = Schema.String.check(
  Schema.isPattern(/^[\x21-\x7e]{1,128}$/, { expected: "1 to 128 visible ASCII characters" })
)

/** The name of an account whose credentials are kept where the connectors run. */
export const AccountName = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9._-]{1,64}$/, { expected: "1 to 64 of the characters A-Z a-z 0-9 . _ -" })
)

/** Whether an IBAN's check digits are right: ISO 7064 MOD 97-10 over it with its first four characters at the end. */
const mod97 = (iban: string): boolean => {
  const rearranged = iban.slice(4) + iban.slice(0, 4)
  let remainder = 0
  for (const character of rearranged) {
    const value = Number.parseInt(character, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder === 1
}

/** An international bank account number (ISO 13616), without spaces. */
export const iban = Schema.String.check(
  Schema.isPattern(/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/, { expected: "an IBAN in upper case without spaces" }),
  Schema.makeFilter(mod97, { expected: "an IBAN with right check digits" })
)

/** A language, with its country where that matters (BCP 47). */
export const Locale = Schema.String.check(
  Schema.isPattern(/^[a-z]{2,3}(?:-[A-Z]{2})?$/, { expected: "a language, such as nl or nl-NL" })
)

/** An absolute http or https URL. */
export const AbsoluteUrl = Schema.String.check(
  Schema.makeFilter((text: string) => text.length <= 2048 && /^https?:\/\/[^\s]+$/.test(text) && URL.canParse(text), {
    expected: "an absolute http or https URL of at most 2048 characters"
  }),
  wellFormed
)

/** The caller's notes, kept by the processor. */
export const Metadata = Schema.Record(Schema.String, Schema.String).check(
  Schema.makeFilter(
    (entries: Readonly<Record<string, string>>) => {
      const keys = Object.keys(entries)
      return (
        keys.length <= 40 &&
        keys.every((key) => /^[A-Za-z0-9._-]{1,40}$/.test(key)) &&
        Object.values(entries).every((value) => value.length <= 500)
      )
    },
    {
      expected:
        "at most 40 entries, keys of 1 to 40 of the characters A-Z a-z 0-9 . _ -, values of at most 500 characters"
    }
  ),
  wellFormedEntries
)

/** What an earlier answer gave for a later call; opaque to the caller. */
export const State = Schema.Record(Schema.String, Schema.String).check(
  Schema.makeFilter(
    (entries: Readonly<Record<string, string>>) =>
      Object.entries(entries).reduce((size, [key, value]) => size + key.length + value.length, 0) <= 16_384,
    { expected: "the state of an earlier answer, unchanged" }
  ),
  wellFormedEntries
)
/** What an earlier answer gave for a later call: never secret, never to be read by the caller. */
export type State = typeof State.Type
