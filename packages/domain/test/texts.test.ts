import { input } from "@connector-service/domain/Input"
import { InvalidField } from "@connector-service/domain/Reason"
import { services } from "@connector-service/domain/Services"
import { Result, Schema, SchemaAST } from "effect"
import { describe, expect, it } from "vitest"

/** A code point of UTF-16 alone, which UTF-8 cannot write (The Unicode Standard, D92 and table 3-7). */
const lone = "\ud800"

/** Texts of which every field takes one, and which are then broken. */
const samples = [
  "a",
  "0800",
  // docs.stripe.com/testing
  "4242424242424242",
  "05",
  "123456",
  "AJkBByEyYgAAAASwgmEodQAAAAA=",
  "2.2.0",
  "EUR",
  "NL",
  "nl-NL",
  "+31201234567",
  "ada@example.com",
  "https://shop.example/back",
  "192.0.2.1",
  // the IBAN registry's example of the Netherlands
  "NL91ABNA0417164300",
  "payment.authorize"
]

interface Leaf {
  readonly path: string
  readonly ast: SchemaAST.AST
  /** The leaf's value that holds a text. */
  readonly holding: ReadonlyArray<(text: string) => unknown>
}

const text = [(text: string): unknown => text]
const entry = [(text: string): unknown => ({ name: text }), (text: string): unknown => ({ [text]: "value" })]
const withoutTexts: ReadonlySet<string> = new Set([
  "Number",
  "BigInt",
  "Boolean",
  "Literal",
  "Undefined",
  "Declaration"
])

/** Every part of a schema that takes a text, by its path. */
const leaves = (ast: SchemaAST.AST, path: string): ReadonlyArray<Leaf> => {
  const written = SchemaAST.toEncoded(ast)
  if (written._tag === "String") return [{ path, ast, holding: text }]
  if (ast._tag === "Union") return ast.types.flatMap((type) => leaves(type, path))
  if (ast._tag === "Arrays") return [...ast.elements, ...ast.rest].flatMap((type) => leaves(type, path))
  if (ast._tag === "Objects") {
    return ast.indexSignatures.length > 0
      ? [{ path, ast, holding: entry }]
      : ast.propertySignatures.flatMap(({ name, type }) => leaves(type, `${path}.${String(name)}`))
  }
  expect(withoutTexts).toContain(written._tag)
  return []
}

const requests = Object.entries(services).flatMap(([service, methods]) =>
  Object.entries(methods).flatMap(([method, { request }]) => leaves(request.ast, `${service}.${method}`))
)

/** The text with the lone half of a pair before, within and after it. */
const broken = (text: string) => [0, 1, text.length].map((at) => text.slice(0, at) + lone + text.slice(at))

describe("a text of a request", () => {
  it("is found wherever one is", () => {
    const paths = requests.map(({ path }) => path)
    for (const path of [
      "payment.authorize.paymentMethod.holderName",
      "payment.authorize.returnUrl",
      "payment.authorize.lineItems.name",
      "payment.complete.returned",
      "settlement.settle.unsettled.state",
      "connector.get.id"
    ])
      expect(paths).toContain(path)
  })

  it.each(requests)("of $path is Unicode that UTF-8 can write", ({ ast, holding }) => {
    const decode = Schema.decodeUnknownResult(Schema.make<Schema.Codec<unknown>>(ast))
    const takes = (value: unknown) => Result.isSuccess(decode(value))
    for (const hold of holding) {
      const taken = samples.filter((sample) => takes(hold(sample)))
      expect(taken).not.toEqual([])
      for (const sample of taken) for (const wrong of broken(sample)) expect(takes(hold(wrong))).toBe(false)
      // a text that any character fits in says so of this one too
      expect(takes(hold(lone))).toBe(false)
    }
  })

  it.each([
    ["state", { state: { intent: lone } }],
    ["returned", { returned: { [lone]: "1" } }],
    ["returned", { returned: { redirectResult: lone } }]
  ])("that is not is refused by its name: %s", (field, given) => {
    const read = input(services.payment.complete.request)
    const told = read({ reference: "order-1", paymentId: "pi_1", ...given })
    expect(told).toEqual(Result.fail(new InvalidField({ field, rule: "well-formed Unicode" })))
  })
})
