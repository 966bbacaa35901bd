import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { runPythonKeys } from "./Programs.ts"

const page = readFileSync(new URL("../../../../docs/idempotency.md", import.meta.url), "utf8")
const [, block = "[]"] = /^```json\n([\s\S]*?)^```$/m.exec(page) ?? []
const vectors = JSON.parse(block) as ReadonlyArray<{ readonly operation: object; readonly key: string }>

test("docs/examples/key.py makes the keys of docs/idempotency.md", () => {
  expect(vectors.length).toBeGreaterThan(5)
  expect(runPythonKeys(vectors.map(({ operation }) => operation))).toEqual(vectors.map(({ key }) => key))
})
