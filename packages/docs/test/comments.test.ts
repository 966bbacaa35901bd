import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { fromBinary, toBinary } from "@bufbuild/protobuf"
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt"
import { expect, onTestFinished, test } from "vitest"
import { api } from "../src/Api.ts"
import { contract, readContract } from "../src/Contract.ts"
import { sdk } from "../src/Sdk.ts"

test("the contract's page has every message, field and value", () => {
  const { problems, text } = api(contract)
  expect(problems).toEqual([])
  for (const { fields, name } of contract.messages) {
    expect(text).toContain(`\n### ${name}\n`)
    for (const field of fields) expect(text).toContain(`| \`${field.name}\` |`)
  }
  for (const { values } of contract.enums) for (const { name } of values) expect(text).toContain(`| \`${name}\` |`)
})

test("a field of the contract without a comment is named", () => {
  const file = fileURLToPath(import.meta.resolve("@connector-service/proto/descriptors.binpb"))
  const set = fromBinary(FileDescriptorSetSchema, readFileSync(file))
  for (const location of set.file.flatMap(({ sourceCodeInfo }) => sourceCodeInfo?.location ?? [])) {
    if (location.leadingComments.startsWith(" ISO 4217")) location.leadingComments = ""
  }
  const { problems } = api(readContract(toBinary(FileDescriptorSetSchema, set)))
  expect(problems).toEqual(["field payments.v1.Money.currency_code has no comment"])
})

test("a name of the SDK without a comment is named, and so is a member", () => {
  const folder = mkdtempSync(join(tmpdir(), "sdk-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, "src"))
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ include: ["src"] }))
  const text =
    "/** Has one. */\nexport interface Shop {\n  readonly till: number\n}\nexport const open = (): boolean => true\n"
  writeFileSync(join(folder, "src/Client.ts"), text)
  expect(sdk(`${folder}/`).problems).toEqual(["Shop.till has no comment", "open has no comment"])
})
