import { inspect } from "node:util"
import { Card, expired, last4, luhn, NetworkToken, network } from "@connector-service/domain/Card"
import { Redacted, Result, Schema } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

/** Published test numbers: docs.stripe.com/testing; docs.adyen.com/development-resources/testing/test-card-numbers. */
const published: ReadonlyArray<readonly [number: string, network: string]> = [
  ["4242424242424242", "visa"],
  ["4000056655665556", "visa"],
  ["4012888888881881", "visa"],
  ["4111111145551142", "visa"],
  ["5555555555554444", "mastercard"],
  ["2223003122003222", "mastercard"],
  ["5200828282828210", "mastercard"],
  ["5105105105105100", "mastercard"],
  ["2222400070000005", "mastercard"],
  ["5577000055770004", "mastercard"],
  ["378282246310005", "amex"],
  ["371449635398431", "amex"],
  ["370000000000002", "amex"],
  ["6011111111111117", "discover"],
  ["6011000990139424", "discover"],
  ["6445644564456445", "discover"],
  ["3056930009020004", "diners"],
  ["36227206271667", "diners"],
  ["36006666333344", "diners"],
  ["3566002020360505", "jcb"],
  ["3569990010095841", "jcb"],
  ["6200000000000005", "unionpay"],
  ["6205500000000000004", "unionpay"],
  ["6250947000000014", "unionpay"],
  ["6759649826438453", "maestro"]
]

const card = { _tag: "Card", number: "4242424242424242", expiryMonth: 8, expiryYear: 2030 }
const decode = (over: object) => Schema.decodeUnknownResult(Card)({ ...card, ...over })
const takes = (over: object) => Result.isSuccess(decode(over))

describe("a card number", () => {
  it.each(published)("%s passes the check and is of %s", (number, name) => {
    expect(luhn(number)).toBe(true)
    expect(network(Redacted.make(number))).toBe(name)
    expect(takes({ number })).toBe(true)
  })

  // docs.stripe.com/testing: the number that is wrong on purpose; the others differ from test numbers in one digit
  it.each(["4242424242424241", "4000000000000003", "378282246310006", ""])("%j fails the check", (number) => {
    expect(luhn(number)).toBe(false)
    expect(takes({ number })).toBe(false)
  })

  it("with the digit that makes the sum a multiple of ten passes, and with any other fails", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{11,18}$/), (digits) => {
        // ISO/IEC 7812-1, annex B: double every second digit from the right, add the digits of the products
        const sum = [...digits]
          .reverse()
          .flatMap((digit, index) => [...String(Number(digit) * (index % 2 === 0 ? 2 : 1))])
          .reduce((total, digit) => total + Number(digit), 0)
        const right = (10 - (sum % 10)) % 10
        expect(Array.from({ length: 10 }, (_, last) => luhn(`${digits}${last}`))).toEqual(
          Array.from({ length: 10 }, (_, last) => last === right)
        )
      })
    )
  })

  it.each([
    "4242 4242 4242 4242",
    "4242-4242-4242-4242",
    "42424242424",
    "42424242424242424242",
    "４２４２４２４２４２４２４２４２",
    "4242424242424242\n",
    4242424242424242
  ])("%j is not of its form", (number) => {
    expect(takes({ number })).toBe(false)
  })

  it("of no known network has none", () => {
    expect(network(Redacted.make("9999999999999995"))).toBeUndefined()
  })

  it("may show its last four digits", () => {
    expect(last4(Redacted.make("4000056655665556"))).toBe("5556")
  })
})

describe("a card", () => {
  it.each([
    [{ cvc: "123" }, true],
    [{ cvc: "1234" }, true],
    [{ cvc: "12" }, false],
    [{ cvc: "12345" }, false],
    [{ cvc: "12a" }, false],
    [{ expiryMonth: 0 }, false],
    [{ expiryMonth: 13 }, false],
    [{ expiryMonth: 1.5 }, false],
    [{ expiryYear: 30 }, false],
    [{ expiryYear: 2100 }, false],
    [{ holderName: "Zoë O’Brien-Müller" }, true],
    [{ holderName: "" }, false],
    [{ holderName: "A\r\nB" }, false],
    [{ holderName: "A".repeat(101) }, false]
  ])("with %j: %s", (over, expected) => {
    expect(takes(over)).toBe(expected)
  })

  it("is good to the last moment of its month anywhere on Earth", () => {
    // the last place on Earth is twelve hours behind UTC (Etc/GMT+12)
    const at = (iso: string, expiryMonth: number, expiryYear: number) =>
      expired({ expiryMonth, expiryYear }, Date.parse(iso))
    expect(at("2026-01-01T00:00:00Z", 1, 2026)).toBe(false)
    expect(at("2026-01-31T23:59:59-12:00", 1, 2026)).toBe(false)
    expect(at("2026-02-01T00:00:00-12:00", 1, 2026)).toBe(true)
    expect(at("2026-01-01T11:59:59Z", 12, 2025)).toBe(false)
    expect(at("2026-01-01T12:00:00Z", 12, 2025)).toBe(true)
    expect(at("2028-02-29T12:00:00Z", 2, 2028)).toBe(false)
  })

  it("and a network token show nothing of themselves", () => {
    const seen = (value: unknown) => `${inspect(value, { depth: 9, showHidden: true })}${JSON.stringify(value)}${value}`
    const token = { number: "5555555555554444", cryptogram: "AgAAAAAABk4DWZ4C28yUQAAAAAA=" }
    const [whole, other] = [
      Schema.decodeUnknownSync(Card)({ ...card, cvc: "737" }),
      Schema.decodeUnknownSync(NetworkToken)({ ...card, ...token, _tag: "NetworkToken" })
    ]
    expect(seen(whole)).not.toMatch(/4242|737/)
    expect(seen(other)).not.toMatch(/4444|AgAA/)
    expect(Redacted.value(whole.number)).toBe(card.number)
  })
})
