import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { blocksOf, type Program, placesOf, root, runCommand, signal, startProgram } from "./programs.ts"

const readme = readFileSync(resolve(root, "README.md"), "utf8")
const [commands = "", call = "", ...otherCalls] = blocksOf(readme, "sh")
const programs = blocksOf(readme, "ts")

let serving: Program
beforeAll(async () => {
  serving = startProgram("serve")
  await serving.said("Ctrl-C ends it.")
}, 30_000)
afterAll(() => {
  signal(serving, "SIGTERM")
  return serving.ended
}, 30_000)

const placed = (text: string): string => {
  expect(text).toContain("127.0.0.1:50051")
  return text.replaceAll("127.0.0.1:50051", placesOf(serving.stdout()).grpc)
}

test("it shows three faces, each of which is run below, and nothing else that could run", () => {
  expect([...readme.matchAll(/^```(\S+)/gm)].map(([, language]) => language)).toEqual(["sh", "sh", "ts", "ts"])
  expect(otherCalls).toEqual([])
})

test("its first commands are this repository's", () => {
  const { scripts } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"))
  const names = [...readme.matchAll(/`npm run ([\w:]+)/g)].flatMap(([, name]) => (name === undefined ? [] : [name]))
  expect(commands).toMatch(/^npm start .*\nnpm test .*\n$/)
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(names))
})

// the statuses are those that the contract's comments give to what is asked
test("the call by gRPC authorizes", async () => {
  const { code, stderr, stdout } = await runCommand("sh", ["-euc", placed(call)])
  // npm may warn of the machine's own configuration
  expect({ code, stderr: stderr.replace(/^npm warn .*\n/gm, "") }).toEqual({ code: 0, stderr: "" })
  expect(JSON.parse(stdout)).toMatchObject({
    payment: {
      status: "PAYMENT_STATUS_AUTHORIZED",
      reference: "readme-1",
      amountAuthorized: { minorUnits: "1000", currencyCode: "EUR" }
    }
  })
}, 30_000)

test.each(programs.map((text, index) => [index + 1, text] as const))(
  "program %d authorizes and ends",
  async (_, text) => {
    const args = ["--input-type=module-typescript", "--eval", placed(text)]
    const { code, stderr, stdout } = await runCommand(process.execPath, args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toMatch(/^AUTHORIZED pi_\w+\n$/)
  },
  30_000
)
