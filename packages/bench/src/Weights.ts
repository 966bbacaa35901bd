import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { build } from "esbuild"
import { diskUse, emptyProject, install, pack, sdkPackages } from "./Installed.ts"
import { table } from "./Report.ts"
import { median } from "./Tally.ts"

/** A way to use the SDK: the lines of a program that has it. Limits as those of its weight; absent where there is none. */
export interface Use {
  readonly name: string
  readonly lines: string
  readonly mostMinified?: number
  readonly mostImport?: number
}

/** What a use weighs. Sizes are in bytes, times in milliseconds. */
export interface Weight {
  readonly use: Use
  readonly minified: number
  /** From nothing to loaded, as npm installs the packages and as one minified file. */
  readonly imported: number
  readonly bundledImport: number
}

/** All that is weighed. */
export interface Weights {
  readonly uses: ReadonlyArray<Weight>
  /** Bytes on the disk of the SDK and all that npm installs with it. */
  readonly installed: number
}

const megabyte = 1_000_000
const inProcess = 'export { inProcess } from "@connector-service/sdk/InProcess"'

/** The ways to use the SDK. */
const uses: ReadonlyArray<Use> = [
  {
    name: "client over gRPC",
    lines: 'export { connect } from "@connector-service/sdk/Client"',
    mostMinified: 5 * megabyte,
    mostImport: 150
  },
  { name: "client over Effect RPC", lines: 'export { connect } from "@connector-service/sdk/Rpc"' },
  {
    name: "in process, Stripe alone",
    lines: `${inProcess}; export { stripe } from "@connector-service/connectors/stripe/connector"`
  },
  {
    name: "in process, all connectors",
    lines: `${inProcess}; export { catalog } from "@connector-service/connectors/catalog"`,
    mostMinified: 8 * megabyte
  }
]

/** The most that the SDK may take on the disk, installed. */
export const mostInstalled = 120 * megabyte

/** The same of juspay's connector-service: its Node SDK as npm installs it; docs/performance.md. */
const rivalInstalled = 390 * megabyte

// grpc-js is CommonJS and calls require, which an ES module has not got
const requireForCommonJs =
  'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);'

/** Milliseconds that a fresh process in a folder takes to import what a module specifier names. */
const importing = (folder: string, lines: string): number => {
  const program = `const began = performance.now(); ${lines}; console.log(performance.now() - began)`
  const args = ["--input-type=module", "-e", program]
  return Number(execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" }))
}

const medianOf = (times: number, measure: () => number): number => median(Array.from({ length: times }, measure))

const dynamic = (lines: string): string =>
  lines.replaceAll(/export \{ \w+ \} from ("[^"]+")/g, (_, specifier: string) => `await import(${specifier})`)

/** Weighs one use in a project that has the SDK; each time is the median of so many. */
const weighUse = async (project: string, use: Use, times: number): Promise<Weight> => {
  const outfile = join(project, "bundle.mjs")
  const { metafile } = await build({
    stdin: { contents: use.lines, resolveDir: project },
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
  const bundled = `await import(${JSON.stringify(pathToFileURL(outfile).href)})`
  return {
    use,
    minified: output?.bytes ?? Number.NaN,
    imported: medianOf(times, () => importing(project, dynamic(use.lines))),
    bundledImport: medianOf(times, () => importing(project, bundled))
  }
}

/** Packs the SDK, installs it elsewhere as npm does, and weighs it there; each time is the median of so many. */
export const weigh = async (times: number): Promise<Weights> => {
  const folder = mkdtempSync(join(tmpdir(), "weights-"))
  const [tarballs, project] = [join(folder, "tarballs"), join(folder, "project")]
  mkdirSync(tarballs)
  await emptyProject(project)
  await install(project, await pack(tarballs), sdkPackages)
  const installed = await diskUse(join(project, "node_modules"))
  const all: Array<Weight> = []
  for (const use of uses) all.push(await weighUse(project, use, times))
  rmSync(folder, { recursive: true })
  return { uses: all, installed }
}

const megabytes = (bytes: number): string => (bytes / megabyte).toFixed(2)

/** A line a use, then what is installed. */
export const weights = ({ installed, uses }: Weights): string =>
  [
    table([
      ["", "minified MB", "at most", "import ms, unbundled", "import ms, bundled", "at most"],
      ...uses.map(({ bundledImport, imported, minified, use }) => [
        use.name,
        megabytes(minified),
        use.mostMinified === undefined ? "" : megabytes(use.mostMinified),
        imported.toFixed(0),
        bundledImport.toFixed(0),
        use.mostImport === undefined ? "" : String(use.mostImport)
      ])
    ]),
    "",
    `installed production tree ${megabytes(installed)} MB, at most ${megabytes(mostInstalled)}`,
    `juspay's Node SDK / ours, installed ${(rivalInstalled / installed).toFixed(1)}`
  ].join("\n")

/** Sizes that are above their limits, a sentence each; times depend on the machine. */
export const excesses = ({ installed, uses }: Weights): ReadonlyArray<string> => [
  ...uses.flatMap(({ minified, use: { mostMinified = Number.POSITIVE_INFINITY, name } }) =>
    minified > mostMinified
      ? [`${name}: ${megabytes(minified)} MB minified, of at most ${megabytes(mostMinified)}.`]
      : []
  ),
  ...(installed > mostInstalled
    ? [`The SDK installed: ${megabytes(installed)} MB, of at most ${megabytes(mostInstalled)}.`]
    : [])
]
