import { createHash } from "node:crypto"
import { base32, idempotencyKey, type KeyParts } from "@connector-service/connectors/Key"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

describe("base32", () => {
  // RFC 4648, section 10, less the padding
  it.each([
    ["", ""],
    ["f", "MY"],
    ["fo", "MZXQ"],
    ["foo", "MZXW6"],
    ["foob", "MZXW6YQ"],
    ["fooba", "MZXW6YTB"],
    ["foobar", "MZXW6YTBOI"]
  ])("of %j is %j", (text, expected) => {
    expect(base32(text)).toBe(expected)
  })

  it("holds the bytes it was made of", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        // five bits a letter, the alphabet of RFC 4648, table 3
        const bits = [...base32(Buffer.from(bytes).toString("latin1"))]
          .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
          .join("")
        const read = Array.from({ length: bytes.length }, (_, at) => Number.parseInt(bits.slice(at * 8, at * 8 + 8), 2))
        expect(read).toEqual([...bytes])
        expect(bits.length - bytes.length * 8).toBeLessThan(5)
      })
    )
  })
})

const parts: KeyParts = {
  connector: "stripe",
  environment: "live",
  account: "",
  flow: "payment.authorize",
  paymentId: undefined,
  reference: "order-1",
  attempt: 1,
  returned: undefined
}

/** The key that these very bytes hash to: five bits a letter, written another way than in the code. */
const keyOf = (canonical: string): string => {
  const bits = [...createHash("sha256").update(canonical, "utf8").digest()]
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("")
    .padEnd(260, "0")
  return Array.from(
    { length: 52 },
    (_, at) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(bits.slice(at * 5, at * 5 + 5), 2)]
  ).join("")
}

describe("the idempotency key", () => {
  // DESIGN, section 6, rule 1. These never change: a key that changed with a release would be a second payment.
  // The literals were computed with Python's hashlib and base64.
  it.each<readonly [name: string, parts: KeyParts, canonical: string, key: string]>([
    [
      "of a first authorization",
      parts,
      "2:v16:stripe4:live0:17:payment.authorize0:7:order-11:10:",
      "GIJ6S7YZPA4NYE2CCZSA6NUOUNN4V6QM56WLOK646WM2P7VWXOIQ"
    ],
    [
      "of a second attempt for an account",
      { ...parts, environment: "sandbox", account: "acct_1", attempt: 2 },
      "2:v16:stripe7:sandbox6:acct_117:payment.authorize0:7:order-11:20:",
      "ACR7YZ2YNVLU3U5JMUJCORBN6LAU555SJPAAMZHRVQ7ZYPNHUU5A"
    ],
    [
      "of a capture",
      { ...parts, flow: "payment.capture", paymentId: "pi_1", reference: "capture-1" },
      "2:v16:stripe4:live0:15:payment.capture4:pi_19:capture-11:10:",
      "FP5JQKJ7YQMHWFZAAWTDCTNDXHJKP5MYWGF26EOXUPCQCS4TE7BQ"
    ],
    [
      "of a completion, whatever the order of what was brought back",
      { ...parts, flow: "payment.complete", paymentId: "pi_1", returned: { PaRes: "é", MD: "1" } },
      "2:v16:stripe4:live0:16:payment.complete4:pi_17:order-11:118:2:MD1:15:PaRes2:é",
      "YS4IVEPTMBJA6NBBUB3HEDFS4KGSNBHJHTH6OHTIKGQPEKJA44UQ"
    ],
    [
      "of a completion that brought nothing back",
      { ...parts, flow: "payment.complete", paymentId: "pi_1", returned: {} },
      "2:v16:stripe4:live0:16:payment.complete4:pi_17:order-11:10:",
      "42FSJWT6LZPSJKSYYK7SQIVB66EHHBGZQ4AQBCFL6SWS3P2OL5GQ"
    ]
  ])("%s", (_, given, canonical, key) => {
    expect(idempotencyKey(given)).toBe(keyOf(canonical))
    expect(idempotencyKey(given)).toBe(key)
  })

  it("is 52 letters that every processor's header takes", () => {
    expect(idempotencyKey(parts)).toMatch(/^[A-Z2-7]{52}$/)
  })

  it("is another for any other part, and the same for the same", () => {
    const text = fc.string({ maxLength: 8, unit: fc.constantFrom("a", ":", "1", "0", "é", "") })
    const some = fc.record({
      connector: text,
      environment: text,
      account: text,
      flow: text,
      paymentId: text,
      reference: text,
      attempt: fc.integer({ min: 1, max: 12 }),
      returned: fc.dictionary(text, text, { minKeys: 1, maxKeys: 2 })
    })
    const same = (a: KeyParts, b: KeyParts) => {
      const sorted = (of: KeyParts) =>
        JSON.stringify({ ...of, returned: Object.entries(of.returned ?? {}).sort(([x], [y]) => (x < y ? -1 : 1)) })
      return sorted(a) === sorted(b)
    }
    fc.assert(
      fc.property(some, some, (a, b) => {
        expect(idempotencyKey(a) === idempotencyKey(b)).toBe(same(a, b))
      }),
      { numRuns: 2000 }
    )
  })

  it("does not let one part run into the next", () => {
    const key = (flow: string, paymentId: string, reference: string) =>
      idempotencyKey({ ...parts, flow, paymentId, reference })
    expect(key("a", "b", "c")).not.toBe(key("ab", "", "c"))
    expect(key("a", "b1:c", "")).not.toBe(key("a", "b", "c"))
    expect(key("a", "", "1:b")).not.toBe(key("a", "b", ""))
  })
})
