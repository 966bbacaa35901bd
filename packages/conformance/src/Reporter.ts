import type { Reporter, TestModule } from "vitest/node"
import type { Check } from "./Check.ts"
import { type Erratum, errata, errataReport } from "./Errata.ts"
import { table, unchecked, type Wanted } from "./Tally.ts"

/** What came of a run: the checks that ran, and every test, suite and file that did not pass. */
interface Outcome {
  readonly checks: ReadonlyArray<Check>
  readonly differences: ReadonlyArray<string>
}

/** A file, a suite or its hooks may fail without any test of theirs. */
const broken = (module: TestModule): ReadonlyArray<string> =>
  [module, ...module.children.allSuites()].flatMap((part) =>
    part.errors().map(({ message }) => `${part.type === "module" ? part.relativeModuleId : part.fullName}: ${message}`)
  )

const outcomeOf = (modules: ReadonlyArray<TestModule>): Outcome => {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const ran = tests.filter((test) => ["passed", "failed"].includes(test.result().state))
  return {
    checks: ran.flatMap((test) => test.meta().conformance ?? []),
    differences: [
      ...ran.filter((test) => test.result().state === "failed").map(({ fullName }) => fullName),
      ...modules.flatMap(broken)
    ]
  }
}

const errataLines = (list: ReadonlyArray<Erratum>): ReadonlyArray<string> =>
  errataReport(list).flatMap(({ count, file, reasons }) => [
    `errata: ${count} in ${file}`,
    ...reasons.map((one) => `  ${one.count}  ${one.reason}`)
  ])

/**
 * Adds up what the tests checked and prints it. The process fails where anything differs, where a flow of `wanted` has no
 * request that was checked, and where nothing ran.
 */
export const conformanceReporter = (wanted: Wanted, list: ReadonlyArray<Erratum> = errata): Reporter => ({
  onTestRunEnd: (modules, unhandled) => {
    const { checks, differences: failed } = outcomeOf(modules)
    const differences = [...failed, ...unhandled.map(({ message }) => String(message))]
    const missing = unchecked(checks, wanted)
    console.log(["", ...table(checks, wanted), "", ...errataLines(list), ""].join("\n"))
    for (const name of differences) console.log(`differs: ${name}`)
    for (const name of missing) console.log(`no request checked: ${name}`)
    if (checks.length === 0) console.log("nothing was checked")
    console.log(`conformance: ${checks.length} checks, ${differences.length} differences`)
    if (differences.length + missing.length > 0 || checks.length === 0) process.exitCode = 1
  }
})
