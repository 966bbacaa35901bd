import { Amount } from "@connector-service/domain/Amount"
import { currencyCodes, equals, exponent, format, maximum, of, parse } from "@connector-service/domain/Money"
import { code, codes } from "currency-codes"
import { Option, Result, Schema } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

/** Where npm currency-codes 2.2.0 (ISO 4217 list one of 2024-06-25) is behind the list of 2026-01-01, or holds no money. */
const gone = ["ANG", "BGN", "CUC"]
const come = ["XCG"]
const noMoney = "BOV CHE CHW COU MXV USN XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX".split(" ")
// funds codes, precious metals, bond market units, testing, none

/** Where Unicode's CLDR tells how a currency is shown in daily use, and not its ISO 4217 exponent. */
const shownWithout = "AFN ALL COP HUF IDR IQD IRR KPW LAK LBP MGA MMK PKR SOS SYP YER".split(" ")

const currency = fc.constantFrom(...currencyCodes)
const units = fc.bigInt({ min: 1n - 10n ** 15n, max: 10n ** 15n - 1n })

describe("currencies", () => {
  it("are those of ISO 4217", () => {
    const theirs = codes().filter((name) => !gone.includes(name) && !noMoney.includes(name))
    expect(currencyCodes).toEqual([...theirs, ...come].toSorted())
  })

  it.each(currencyCodes.filter((name) => !come.includes(name)))("%s has the digits of ISO 4217", (name) => {
    expect(exponent(name)).toBe(code(name)?.digits)
  })

  it("have the digits that the platform shows, but where it follows daily use", () => {
    const known = Intl.supportedValuesOf("currency").filter((name) => currencyCodes.includes(name))
    expect(known.length).toBeGreaterThan(150)
    const differing = known.filter((currency) => {
      const { maximumFractionDigits } = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions()
      return maximumFractionDigits !== exponent(currency)
    })
    expect(differing).toEqual(shownWithout)
  })

  it.each(["eur", "EURO", "", "XXX", "BGN", "constructor", "__proto__"])("%j is none", (name) => {
    expect(exponent(name)).toBeUndefined()
    expect(parse("1", name)).toEqual(Option.none())
    expect(Result.isFailure(Schema.decodeUnknownResult(Amount)({ minorUnits: 1n, currencyCode: name }))).toBe(true)
  })
})

describe("an amount in major units", () => {
  // ISO 4217: EUR 2, JPY 0, BHD 3, CLF 4
  it.each([
    ["10.00", "EUR", 1000n],
    ["10.5", "EUR", 1050n],
    ["10", "EUR", 1000n],
    ["0.01", "EUR", 1n],
    ["-0.01", "EUR", -1n],
    ["0", "EUR", 0n],
    ["500", "JPY", 500n],
    ["1.234", "BHD", 1234n],
    ["1.2345", "CLF", 12345n],
    ["999999999999999.99", "EUR", 99999999999999999n]
  ])("%j %s is %s minor units", (text, currencyCode, minorUnits) => {
    expect(parse(text, currencyCode)).toEqual(Option.some({ minorUnits, currencyCode }))
    expect(of(text, currencyCode)).toEqual({ minorUnits, currencyCode })
  })

  it.each([
    ["10.001", "EUR"],
    ["1.0", "JPY"],
    ["1,00", "EUR"],
    ["1e3", "EUR"],
    ["0x10", "EUR"],
    [" 1", "EUR"],
    ["1 ", "EUR"],
    ["1\n", "EUR"],
    ["+1", "EUR"],
    [".5", "EUR"],
    ["5.", "EUR"],
    ["", "EUR"],
    ["-", "EUR"],
    ["١", "EUR"],
    ["NaN", "EUR"],
    ["Infinity", "EUR"]
  ])("%j %s is none", (text, currencyCode) => {
    expect(parse(text, currencyCode)).toEqual(Option.none())
    expect(() => of(text, currencyCode)).toThrow(RangeError)
  })

  it("is read back as it was written", () => {
    fc.assert(
      fc.property(units, currency, (minorUnits, currencyCode) => {
        const money = { minorUnits, currencyCode }
        expect(parse(format(money), currencyCode)).toEqual(Option.some(money))
      })
    )
  })

  it("is written with all of its currency's digits, and exactly", () => {
    fc.assert(
      fc.property(units, currency, (minorUnits, currencyCode) => {
        const text = format({ minorUnits, currencyCode })
        expect(text).toMatch(/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/)
        expect((text.split(".")[1] ?? "").length).toBe(exponent(currencyCode))
        expect(BigInt(text.replace(".", ""))).toBe(minorUnits)
      })
    )
  })

  it("keeps what no floating point number holds", () => {
    expect(format({ minorUnits: 9007199254740993n, currencyCode: "EUR" })).toBe("90071992547409.93")
    expect(parse("0.29", "EUR")).toEqual(Option.some({ minorUnits: 29n, currencyCode: "EUR" }))
  })
})

describe("an amount to take", () => {
  const taken = (minorUnits: unknown) =>
    Result.isSuccess(Schema.decodeUnknownResult(Amount)({ minorUnits, currencyCode: "EUR" }))

  it("is more than nothing and at most the largest", () => {
    expect([0n, -1n, 1n, maximum, maximum + 1n].map(taken)).toEqual([false, false, true, true, false])
  })

  it("is never a number or a text", () => {
    expect([1, 1.5, "1", null, undefined].map(taken)).toEqual([false, false, false, false, false])
  })

  it("at its largest is an integer that JSON carries exactly, also times a hundred", () => {
    expect(BigInt(Number(maximum) * 100)).toBe(maximum * 100n)
    expect(Number.isSafeInteger(Number(maximum) * 100)).toBe(true)
  })

  it("is equal to the same amount of the same currency only", () => {
    const eur = of("1.00", "EUR")
    expect([of("1.00", "EUR"), of("1.01", "EUR"), of("1.00", "USD")].map((other) => equals(eur, other))).toEqual([
      true,
      false,
      false
    ])
  })
})
