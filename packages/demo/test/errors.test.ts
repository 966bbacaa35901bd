import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
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

/** Runs a program of docs/examples against the running service, with some texts replaced. */
const run = async (name: string, changes: Readonly<Record<string, string>> = {}): Promise<string> => {
  const example = readFileSync(resolve(root, "docs/examples", name), "utf8")
  const { grpc, http } = placesOf(program.stdout())
  const place = name.endsWith("-rpc.ts") ? { "127.0.0.1:8080": http } : { "127.0.0.1:50051": grpc }
  const texts = { ...place, ...changes }
  for (const from of Object.keys(texts)) expect(example).toContain(from)
  const code = Object.entries(texts).reduce((all, [from, to]) => all.replaceAll(from, to), example)
  const type = name.endsWith(".ts") ? "module-typescript" : "module"
  const ran = await runCommand(process.execPath, [`--input-type=${type}`, "--eval", code])
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: "" })
  return ran.stdout
}

/** What the sandbox does wrong to the next authorization. */
const setFault = (fault: object) =>
  fetch(`http://${placesOf(program.stdout()).sandbox}/_sandbox/faults`, {
    method: "POST",
    body: JSON.stringify({ path: "/stripe/v1/payment_intents", method: "POST", count: 1, ...fault })
  })

const good = "4242424242424242"
const once = { "asks = 5": "asks = 1" }

// the same outcomes on each face; numbers: https://docs.stripe.com/testing
describe.each([
  { name: "errors.ts", hasty: { "10_000": "2000" } },
  { name: "errors-effect.ts", hasty: { "seconds(10)": "seconds(2)" } },
  { name: "errors-grpc.mjs", hasty: { "order, 10)": "order, 2)" } }
])("docs/examples/$name", { timeout: 30_000 }, ({ hasty, name }) => {
  test("tells an answer", async () => {
    expect(await run(name)).toMatch(/^(PAYMENT_STATUS_)?AUTHORIZED pi_\w+\n$/)
  })

  test("tells a decline, which is an answer", async () => {
    const said = await run(name, { [good]: "4000000000009995" })
    expect(said).toMatch(/^\w*DECLINED: \w*INSUFFICIENT_FUNDS, \w*RETRY_LATER\n$/)
  })

  test("tells that no money moved", async () => {
    // fails the Luhn check of ISO/IEC 7812-1
    expect(await run(name, { [good]: "4242424242424241" })).toMatch(/^invalidField, .*\b(no money|\w*NO)\b/i)
  })

  test("tells that money moved", async () => {
    await setFault({ kind: "wrong_amount", by: -1 })
    expect(await run(name)).toMatch(/^amountMismatch, .*\b(money moved\.|\w*YES\b)/i)
  })

  test("settles an unknown outcome, which was taken", async () => {
    await setFault({ kind: "hang_after" })
    expect(await run(name, hasty)).toMatch(/^taken: \w*AUTHORIZED\n$/)
  })

  test("keeps an unknown outcome that cannot be told yet", async () => {
    await setFault({ kind: "hang_before" })
    expect(await run(name, { ...hasty, ...once })).toMatch(/^still unknown, to be kept: \{.*"payment.authorize"/)
  })
})

describe("the shops' programs", { timeout: 30_000 }, () => {
  test("docs/examples/shop.ts authenticates, captures and refunds", async () => {
    expect(await run("shop.ts")).toBe("capture SUCCEEDED\nrefund SUCCEEDED 5.00\n")
  })

  test("docs/examples/shop-rpc.ts captures and refunds", async () => {
    expect(await run("shop-rpc.ts")).toBe("AUTHORIZED SUCCEEDED SUCCEEDED\n")
  })

  test("docs/examples/shop-grpc.mjs captures and refunds", async () => {
    expect(await run("shop-grpc.mjs")).toMatch(
      /^PAYMENT_STATUS_AUTHORIZED pi_\w+\nOPERATION_STATUS_SUCCEEDED\nOPERATION_STATUS_SUCCEEDED\n$/
    )
  })
})

test("the commands of docs/grpc.md work as they stand", async () => {
  const page = readFileSync(resolve(root, "docs/grpc.md"), "utf8")
  const { grpc, http } = placesOf(program.stdout())
  const script = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block).join("")
  const { code, stdout } = await runCommand("sh", [
    "-euc",
    script.replaceAll("127.0.0.1:50051", grpc).replaceAll("127.0.0.1:8080", http)
  ])
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /payments\.v1\.SettlementService\/Settle[\s\S]*"PAYMENT_STATUS_CAPTURED"[\s\S]*ok\s+ok\s+\{\s+"status": "SERVING"\s+\}\s*$/
  )
}, 60_000)
