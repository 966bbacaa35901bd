import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { build } from "esbuild"
import { diskUse, emptyProject, install, pack, sdkPackages } from "./Installed.ts"
import { table } from "./Report.ts"
import { median } from "./Tally.ts"

/**
 * A way to use the SDK: the lines of a program that has it, and a call by what they export, to nobody. Limits as those of
 * its weight; absent where there is none.
 */
export interface Use {
  readonly name: string
  readonly lines: string
  readonly call: string
  readonly mostMinified?: number
  readonly mostImport?: number
}

/**
 * Milliseconds from nothing: to having imported it, of the clock and of all processor time, and to the end of the first
 * call, which opens what carries calls.
 */
export interface Loading {
  readonly imported: number
  readonly importedCpu: number
  readonly called: number
}

/** What a use weighs: in bytes, and loaded as npm installs the packages and as one minified file. */
export interface Weight {
  readonly use: Use
  readonly minified: number
  readonly installed: Loading
  readonly bundled: Loading
}

/** All that is weighed. */
export interface Weights {
  readonly uses: ReadonlyArray<Weight>
  /** Milliseconds to import what they cannot do without, alone and as npm installs it. */
  readonly alone: ReadonlyArray<{ readonly name: string; readonly imported: number }>
  /** Bytes on the disk of the SDK and all that npm installs with it. */
  readonly installed: number
}

const megabyte = 1_000_000
const inProcess = 'export { inProcess } from "@connector-service/sdk/InProcess"'
const connector = (id: string): string => `export { ${id} } from "@connector-service/connectors/${id}"`

/** The most milliseconds that importing one may take, on a machine of ours. */
const mostImport = 150

/** The ways to use the SDK. */
const uses: ReadonlyArray<Use> = [
  {
    name: "client over gRPC",
    lines: 'export { connect } from "@connector-service/sdk/Client"',
    call: 'connect("127.0.0.1:1", { retry: false }).connector.list()',
    mostMinified: 5 * megabyte,
    mostImport
  },
  {
    name: "client over Effect RPC",
    lines: 'export { connect } from "@connector-service/sdk/Rpc"',
    call: 'connect("http://127.0.0.1:1", { retry: false }).connector.list()',
    mostImport
  },
  {
    name: "in process, Stripe alone",
    lines: `${inProcess}; ${connector("stripe")}`,
    call: "inProcess({ connectors: [stripe] }).connector.list()",
    mostImport
  },
  {
    name: "in process, all connectors",
    lines: [inProcess, ...["adyen", "paypal", "stripe"].map(connector)].join("; "),
    call: "inProcess({ connectors: [adyen, paypal, stripe] }).connector.list()",
    mostMinified: 8 * megabyte,
    mostImport
  }
]

/** What the uses cannot do without, imported alone in the same rounds. */
const others = ["effect/Schema", "@grpc/grpc-js"]

/** The most that the SDK may take on the disk, installed. */
export const mostInstalled = 120 * megabyte

/** The same of juspay's connector-service: its Node SDK as npm installs it; docs/performance.md. */
const rivalInstalled = 390 * megabyte

// grpc-js is CommonJS and calls require, which an ES module has not got
const requireForCommonJs =
  'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);'

/** How a fresh process in a folder loads by some lines, and calls. */
const loading = (folder: string, lines: string, call: string): Loading => {
  const program = `
    const [began, cpu] = [performance.now(), process.cpuUsage()]
    ${lines}
    const imported = performance.now() - began
    const { system, user } = process.cpuUsage(cpu)
    await ${call}.catch(() => {})
    console.log(JSON.stringify({ imported, importedCpu: (system + user) / 1000, called: performance.now() - began }))
    process.exit()`
  const args = ["--input-type=module", "-e", program]
  return JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" }))
}

const medianOf = (measured: ReadonlyArray<Loading>): Loading => ({
  imported: median(measured.map(({ imported }) => imported)),
  importedCpu: median(measured.map(({ importedCpu }) => importedCpu)),
  called: median(measured.map(({ called }) => called))
})

const exported = /export (\{ \w+ \}) from ("[^"]+")/g

/** The same lines in a program that looks at the time between them. */
const dynamic = (lines: string): string => lines.replaceAll(exported, "const $1 = await import($2)")

/** The same of a bundle of the lines. */
const ofBundle = (lines: string, outfile: string): string =>
  [...lines.matchAll(exported)]
    .map(([, names]) => `const ${names} = await import(${JSON.stringify(pathToFileURL(outfile).href)})`)
    .join(";")

/** A use as one minified file in a project that has the SDK, and how it loads from there and from the packages. */
const bundled = async (project: string, use: Use, outfile: string) => {
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
  return {
    use,
    minified: output?.bytes ?? Number.NaN,
    load: () => ({
      installed: loading(project, dynamic(use.lines), use.call),
      bundled: loading(project, ofBundle(use.lines, outfile), use.call)
    })
  }
}

/**
 * Packs the SDK, installs it elsewhere as npm does, and weighs it there; each time is the median of so many, of which the
 * uses take turns.
 */
export const weigh = async (times: number): Promise<Weights> => {
  const folder = mkdtempSync(join(tmpdir(), "weights-"))
  const [tarballs, project] = [join(folder, "tarballs"), join(folder, "project")]
  mkdirSync(tarballs)
  await emptyProject(project)
  await install(project, await pack(tarballs), sdkPackages)
  const installed = await diskUse(join(project, "node_modules"))
  const built = await Promise.all(uses.map((use, index) => bundled(project, use, join(project, `bundle${index}.mjs`))))
  const rounds = Array.from({ length: times }, () => ({
    ofUses: built.map(({ load }) => load()),
    ofOthers: others.map((name) => loading(project, `await import("${name}")`, "Promise.resolve()"))
  }))
  rmSync(folder, { recursive: true })
  return {
    uses: built.map(({ minified, use }, index) => {
      const loads = rounds.flatMap(({ ofUses }) => ofUses[index] ?? [])
      return {
        use,
        minified,
        installed: medianOf(loads.map(({ installed }) => installed)),
        bundled: medianOf(loads.map(({ bundled }) => bundled))
      }
    }),
    alone: others.map((name, index) => ({
      name,
      imported: median(rounds.flatMap(({ ofOthers }) => ofOthers[index]?.imported ?? []))
    })),
    installed
  }
}

const megabytes = (bytes: number): string => (bytes / megabyte).toFixed(2)

/** A line a use, then what is installed. */
export const weights = ({ alone, installed, uses }: Weights): string =>
  [
    table([
      [
        "",
        "minified MB",
        "at most",
        "import ms",
        "CPU ms",
        "first call",
        "bundled: import",
        "first call",
        "import at most"
      ],
      ...uses.map(({ bundled, installed, minified, use }) => [
        use.name,
        megabytes(minified),
        use.mostMinified === undefined ? "" : megabytes(use.mostMinified),
        installed.imported.toFixed(0),
        installed.importedCpu.toFixed(0),
        installed.called.toFixed(0),
        bundled.imported.toFixed(0),
        bundled.called.toFixed(0),
        use.mostImport === undefined ? "" : String(use.mostImport)
      ])
    ]),
    "",
    `alone, import ms: ${alone.map(({ imported, name }) => `${name} ${imported.toFixed(0)}`).join(", ")}`,
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
