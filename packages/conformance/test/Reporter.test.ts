import { spawn } from "node:child_process"
import { createRequire } from "node:module"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const vitest = join(createRequire(import.meta.url).resolve("vitest/package.json"), "../vitest.mjs")
const runs = fileURLToPath(new URL("runs", import.meta.url))
// a run inside a run must not take itself for a part of it
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST")))

/** A whole run of vitest over one file of `runs`, as a command line gives it. */
const run = async (...args: ReadonlyArray<string>) => {
  const child = spawn(process.execPath, [vitest, "run", "--root", runs, ...args], {
    env: { ...environment, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve))
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, lines: output.trimEnd().split("\n"), errors }
}

const limit = { timeout: 60_000 }

test("what agrees is counted by connector, flow and kind, and the errata by file and reason", limit, async () => {
  expect(await run("passing")).toEqual({
    code: 0,
    errors: "",
    lines: [
      "",
      "connector  flow               requests  replies  sandbox  examples  as the SDK",
      "acme       payment.authorize         2        1        0         1           1",
      "acme       payment.get               1        0        0         0           0",
      "acme       GET /charges/{id}         0        0        1         0           0",
      "all                                  3        1        1         1           1",
      "",
      "errata: 2 in b.json",
      "  1  gated",
      "  1  newer",
      "errata: 1 in a.json",
      "  1  newer",
      "",
      "conformance: 7 checks, 0 differences"
    ]
  })
})

test("only what has the tag runs where the command asks for it", limit, async () => {
  const { code, lines } = await run("passing", "--tags-filter=conformance")
  expect([code, lines.at(-1)]).toEqual([0, "conformance: 7 checks, 0 differences"])
})

test.for<readonly [what: string, file: string, ...ending: ReadonlyArray<string>]>([
  ["a difference", "failing", "differs: get", "conformance: 2 checks, 1 differences"],
  [
    "a flow without a request",
    "partial",
    "no request checked: acme payment.get",
    "conformance: 2 checks, 0 differences"
  ],
  ["a hook that fails", "hook", expect.stringMatching(/^differs: a suite: /), "conformance: 2 checks, 1 differences"],
  ["a failure outside any test", "unhandled", "differs: nobody waits for this", "conformance: 2 checks, 1 differences"]
])("%s fails the run", limit, async ([, file, ...ending]) => {
  const { code, lines } = await run(file)
  expect(code).toBe(1)
  expect(lines.slice(-ending.length)).toEqual(ending)
})

const uncheckedFlows = ["no request checked: acme payment.authorize", "no request checked: acme payment.get"]
const nothing = [...uncheckedFlows, "nothing was checked"]

test.for([
  ["no test is a check", "unmarked"],
  ["every check is skipped", "skipped"],
  ["there is no file", "no-such-file"]
] as const)("nothing ran, as %s: it fails the run", limit, async ([, file]) => {
  const { code, lines } = await run(file)
  expect(code).toBe(1)
  expect(lines.slice(-4)).toEqual([...nothing, "conformance: 0 checks, 0 differences"])
})

test("a file that cannot be read fails the run", limit, async () => {
  const { code, lines } = await run("broken")
  expect(code).toBe(1)
  expect(lines.slice(-5)).toEqual([
    "differs: broken.run.ts: this file cannot be read",
    ...nothing,
    "conformance: 0 checks, 1 differences"
  ])
})
