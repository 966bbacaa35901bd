import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "esbuild"
import { table } from "./Report.ts"
import { median } from "./Tally.ts"

/** A way to use the SDK: the lines of a program that has it. */
export interface Use {
  readonly name: string
  readonly lines: string
}

/** What a use weighs. Sizes are in bytes, times in milliseconds. */
export interface Weight {
  readonly name: string
  readonly minified: number
  /** From nothing to loaded, as the packages are built and as one minified file. */
  readonly imported: number
  readonly bundledImport: number
}

const inProcess = 'export { inProcess } from "@connector-service/sdk/InProcess"'

/** The ways to use the SDK. */
export const uses: ReadonlyArray<Use> = [
  { name: "client over gRPC", lines: 'export { connect } from "@connector-service/sdk/Client"' },
  { name: "client over Effect RPC", lines: 'export { connect } from "@connector-service/sdk/Rpc"' },
  {
    name: "in process, Stripe alone",
    lines: `${inProcess}; export { stripe } from "@connector-service/connectors/stripe/connector"`
  },
  {
    name: "in process, all connectors",
    lines: `${inProcess}; export { catalog } from "@connector-service/connectors/catalog"`
  }
]

const here = fileURLToPath(new URL(".", import.meta.url))

// grpc-js is CommonJS and calls require, which an ES module has not got
const requireForCommonJs =
  'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);'

/** Milliseconds that a fresh process takes to import what a module specifier names. */
const importing = (lines: string): number => {
  const program = `const began = performance.now(); ${lines}; console.log(performance.now() - began)`
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: here, encoding: "utf8" }))
}

const medianOf = (times: number, measure: () => number): number => median(Array.from({ length: times }, measure))

const dynamic = (lines: string): string =>
  lines.replaceAll(/export \{ \w+ \} from ("[^"]+")/g, (_, specifier: string) => `await import(${specifier})`)

/** Weighs one use; each time is the median of so many. */
export const weigh = async ({ lines, name }: Use, times: number): Promise<Weight> => {
  const folder = mkdtempSync(join(tmpdir(), "weights-"))
  const outfile = join(folder, "bundle.mjs")
  const { metafile } = await build({
    stdin: { contents: lines, resolveDir: here },
    outfile,
    bundle: true,
    minify: true,
    metafile: true,
    platform: "node",
    format: "esm",
    target: "node22",
    banner: { js: requireForCommonJs }
  })
  const [output] = Object.values(metafile.outputs)
  const weight = {
    name,
    minified: output?.bytes ?? Number.NaN,
    imported: medianOf(times, () => importing(dynamic(lines))),
    bundledImport: medianOf(times, () => importing(`await import(${JSON.stringify(pathToFileURL(outfile).href)})`))
  }
  rmSync(folder, { recursive: true })
  return weight
}

/** A line a use. */
export const weights = (all: ReadonlyArray<Weight>): string =>
  table([
    ["", "minified MB", "import ms", "bundled import ms"],
    ...all.map(({ bundledImport, imported, minified, name }) => [
      name,
      (minified / 1_000_000).toFixed(2),
      imported.toFixed(0),
      bundledImport.toFixed(0)
    ])
  ])
