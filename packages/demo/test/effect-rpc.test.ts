import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Program, placesOf, root, runCommand, signal, startProgram } from "./programs.ts"

let program: Program
beforeAll(async () => {
  program = startProgram("serve")
  await program.said("Ctrl-C ends it.")
}, 30_000)
afterAll(() => {
  signal(program, "SIGTERM")
  return program.ended
}, 30_000)

const example = readFileSync(resolve(root, "docs/examples/effect-rpc.ts"), "utf8")

/** Runs the example against the running service, with some texts replaced. */
const run = (changes: Readonly<Record<string, string>> = {}) => {
  const { http } = placesOf(program.stdout())
  const texts = { "127.0.0.1:8080": http, ...changes }
  for (const from of Object.keys(texts)) expect(example).toContain(from)
  const code = Object.entries(texts).reduce((all, [from, to]) => all.replaceAll(from, to), example)
  return runCommand(process.execPath, ["--input-type=module-typescript", "--eval", code])
}

/** What the sandbox does wrong to the next authorization. */
const setFault = (fault: object) =>
  fetch(`http://${placesOf(program.stdout()).sandbox}/_sandbox/faults`, {
    method: "POST",
    body: JSON.stringify({ path: "/stripe/v1/payment_intents", method: "POST", count: 1, ...fault })
  })

test("docs/effect-rpc.md shows it as it stands", () => {
  expect(readFileSync(resolve(root, "docs/effect-rpc.md"), "utf8")).toContain(`\`\`\`ts\n${example}\`\`\`\n`)
})

// the statuses are those that the contract's comments give to what was asked
test("docs/examples/effect-rpc.ts authorizes", async () => {
  const { code, stderr, stdout } = await run()
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
  expect(stdout).toContain("status: 'AUTHORIZED'")
}, 30_000)

test("it sends again what was turned away", async () => {
  await setFault({ kind: "429", retry_after: 60 })
  const { code, stderr, stdout } = await run()
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
  expect(stdout).toContain("status: 'AUTHORIZED'")
}, 30_000)

test("it settles an unknown outcome, whose payment it finds", async () => {
  await setFault({ kind: "hang_after" })
  const { code, stderr, stdout } = await run({ '"10000"': '"2000"' })
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
  expect(stdout).toMatch(/_tag: 'Taken',[\s\S]*status: 'AUTHORIZED'/)
}, 30_000)

test("it tells which field is at fault", async () => {
  const { stdout } = await run({ "4242424242424242": "4242424242424241" })
  expect(stdout).toBe("payment_method.card.number must be a number that passes the Luhn check\n")
}, 30_000)
