import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { type Sandbox, startSandbox } from "@connector-service/sandbox/Sandbox"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Service, startService } from "./Service.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const read = (path: string): string => readFileSync(`${root}/${path}`, "utf8")
const run = promisify(execFile)

let sandbox: Sandbox
let service: Service
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  service = await startService(sandbox.url)
}, 30_000)
afterAll(async () => {
  await sandbox.close()
  await service.stop()
})

test.each(["first-payment", "rpc-payment", "in-process", "effect-payment"])(
  "docs/%s.ts runs, and is what docs/sdk.md shows",
  async (name) => {
    const text = read(`docs/${name}.ts`)
    expect(read("docs/sdk.md")).toContain(`\`\`\`ts\n${text}\`\`\``)
    const program = text
      .replace("127.0.0.1:50051", service.address)
      .replace("http://127.0.0.1:8080", service.httpAddress)
      .replace("http://127.0.0.1:9090", sandbox.url)
    const args = ["--conditions=@connector-service/source", "--input-type=module-typescript", "-e", program]
    const { stdout } = await run(process.execPath, args, { cwd: root })
    expect(stdout).toMatch(/^AUTHORIZED pi_/)
  }
)

test("README shows docs/first-payment.ts, all but its last line", () => {
  const [shown = ""] = read("docs/first-payment.ts").split("\n\nawait payments.close()")
  expect(read("README.md")).toContain(`\`\`\`ts\n${shown}\n\`\`\``)
})

test("the package's own README names every module of docs/sdk.md, and shows docs/first-payment.ts", () => {
  const readme = read("packages/sdk/README.md")
  const modules = [...read("docs/sdk.md").matchAll(/^\| `\/(\w+)` /gm)].map(([, name]) => `\`${name}\``)
  expect(modules).toContain("`Client`")
  expect(modules.filter((name) => !readme.includes(name))).toEqual([])
  expect(readme).toContain(`\`\`\`ts\n${read("docs/first-payment.ts")}\`\`\``)
})
