import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { startSandbox } from "@connector-service/sandbox/Sandbox"
import { expect, test } from "vitest"

const run = promisify(execFile)
const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8")

/** The first payment by the official SDK; that it compiles is checked with the tests. */
const theirs = read("firstPayment.ts")
const docs = "../../../../docs"

const linesOf = (program: string): ReadonlyArray<string> => program.split("\n").filter((line) => line.trim() !== "")

test("the first payment of README has no more lines than by Stripe's own SDK, as docs/sdk.md shows", () => {
  const [ours = ""] = read(`${docs}/first-payment.ts`).split("\n\nawait payments.close()")
  const [mine, stripes] = [linesOf(ours).length, linesOf(theirs).length]
  expect(mine).toBeLessThanOrEqual(stripes)
  const sdk = read(`${docs}/sdk.md`)
  expect(sdk).toContain(`\`\`\`ts\n${theirs}\`\`\``)
  expect(sdk).toContain(`${mine} lines of code where Stripe's takes ${stripes}`)
})

test("Stripe's takes the same payment", async () => {
  const sandbox = await startSandbox({ port: 0 })
  const sentTo = `fetch(String(input).replace("https://api.stripe.com", "${sandbox.url}/stripe"), init)`
  const program = theirs.replace(
    'new Stripe("sk_test_shop")',
    `new Stripe("sk_test_shop", { httpClient: Stripe.createFetchHttpClient((input, init) => ${sentTo}) })`
  )
  const cwd = fileURLToPath(new URL(".", import.meta.url))
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], { cwd })
  expect(stdout).toMatch(/^requires_capture pi_/)
  await sandbox.close()
})
