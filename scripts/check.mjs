import { existsSync } from "node:fs"
import { join } from "node:path"
import { root, stateFolder } from "./paths.mjs"
import { Failure, quietly, throwIfStopped } from "./processes.mjs"
import { setUp } from "./setup.mjs"

/** @typedef {{ passed: boolean, output: string } | { skipped: string }} Verdict */

/** @param {string} command @param {readonly string[]} args @returns {Promise<Verdict>} */
const tool = async (command, args) => {
  const { code, output } = await quietly(command, args)
  throwIfStopped()
  return { passed: code === 0, output }
}

/** @returns {Promise<Verdict>} */
const compiles = async () => {
  try {
    await setUp({ verbose: false, upTo: "compile" })
    return { passed: true, output: "" }
  } catch (error) {
    throwIfStopped()
    if (error instanceof Failure) return { passed: false, output: `${error.output}${error.message}` }
    throw error
  }
}

/** @param {readonly string[]} args @returns {Promise<string>} what git answers, empty when it refuses */
const git = async (args) => {
  const { code, output } = await quietly("git", args)
  throwIfStopped()
  return code === 0 ? output.trim() : ""
}

/** @returns {Promise<string | undefined>} the contract others build on: the last release's, before the first one that of main */
const releasedContract = async () => {
  const tag = await git(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"])
  for (const ref of [tag, "main", "origin/main"]) {
    const files = ref === "" ? "" : await git(["ls-tree", "-r", "--name-only", ref, "--", "proto"])
    if (/\.proto$/m.test(files)) return ref
  }
  return undefined
}

/** @returns {Promise<Verdict>} */
const breaksNobody = async () => {
  const ref = await releasedContract()
  if (ref === undefined) return { skipped: "there is no earlier contract to compare with" }
  const archive = join(stateFolder, "released.tar")
  const packed = await tool("git", ["archive", "--format=tar", "-o", archive, ref, "proto"])
  if (!("passed" in packed) || !packed.passed) return packed
  return tool("buf", ["breaking", "proto", "--against", `${archive}#subdir=proto`])
}

/** @type {readonly { name: string, run: () => Promise<Verdict> }[]} */
const parts = [
  { name: "code compiles", run: compiles },
  { name: "tests compile", run: () => tool("tsc", ["-p", "tsconfig.test.json", "--noEmit"]) },
  { name: "scripts compile", run: () => tool("tsc", ["-p", "scripts"]) },
  { name: "style", run: () => tool("biome", ["ci", "--colors=off", "--diagnostic-level=error", "."]) },
  { name: "reference pages are current", run: () => tool("node", ["packages/docs/dist/main.js", "--check"]) },
  { name: "contract: lint", run: () => tool("buf", ["lint", "proto"]) },
  { name: "contract: format", run: () => tool("buf", ["format", "proto", "-d", "--exit-code"]) },
  { name: "contract: breaks nobody", run: breaksNobody }
]

/**
 * Checks everything that is not a test, each part even when an earlier one failed, and ends with a line of counts.
 * @returns {Promise<number>} the exit code
 */
export const check = async () => {
  let passed = 0
  let failed = 0
  for (const { name, run } of parts) {
    const verdict = await run()
    if ("skipped" in verdict) {
      console.log(`skipped  ${name}: ${verdict.skipped}`)
    } else if (verdict.passed) {
      passed += 1
      console.log(`passed   ${name}`)
    } else {
      failed += 1
      console.log(`FAILED   ${name}\n${verdict.output.trimEnd()}`)
    }
  }
  console.log(`check: ${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

/** Whether the processors' published specifications are there: in SPECS_DIR, or beside this folder, never in it. */
export const specificationsAreThere = () => existsSync(process.env.SPECS_DIR ?? join(root, "..", "shared", "specs"))
