import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"

const main = fileURLToPath(new URL("../../dist/processes/main.js", import.meta.url))

const run = (...args: ReadonlyArray<string>) =>
  new Promise<{ readonly code: unknown; readonly stdout: string; readonly last: string }>((done) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) => {
      const last = stdout.trimEnd().split("\n").at(-1) ?? ""
      done({ code: error?.code ?? 0, stdout: `${stdout}${stderr}`, last })
    })
  })

/** It goes on until all is settled, which takes longer than a circuit of the service stays open. */
const timeout = 240_000

describe("npm run proof:processes", () => {
  it("finds nothing taken twice, nothing false and nothing unknown that can be settled", { timeout }, async () => {
    const { code, last, stdout } = await run("--seconds", "15", "--seed", "ci")
    expect(last, stdout).toMatch(/^\d+ references, 0 double, 0 false, 0 unknown$/)
    expect(code).toBe(0)
  })

  it("finds what is taken twice by clients that raise the attempt of what is unknown", { timeout }, async () => {
    const { code, last, stdout } = await run("--seconds", "10", "--seed", "ci", "--raise-attempts")
    expect(last, stdout).toMatch(/^\d+ references, [1-9]\d* double, 0 false, \d+ unknown$/)
    expect(code).toBe(1)
  })
})
