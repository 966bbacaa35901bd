import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { buildInputs, fingerprint, generateInputs, installInputs, packageFolders } from "./inputs.mjs"
import { exclusively } from "./lock.mjs"
import { binFolder, machineEnvironment, root, stateFolder } from "./paths.mjs"
import { Failure, quietly, stopped, throwIfStopped } from "./processes.mjs"

/**
 * One step of set-up. `isThere` says whether its results exist at all; `interrupted`, that an earlier run was cut in its
 * middle, so that nothing it left can be trusted.
 * @typedef {{
 *   name: string
 *   title: string
 *   inputs: () => readonly string[]
 *   isThere: () => boolean
 *   run: (tool: Tool, interrupted: boolean) => Promise<void>
 * }} Step
 */

/**
 * Runs a tool; `explain` turns the output of a failed one into the line a user reads.
 * @typedef {(
 *   command: string,
 *   args: readonly string[],
 *   options: { cwd?: string, env?: NodeJS.ProcessEnv, explain: (output: string) => string }
 * ) => Promise<void>} Tool
 */

/** The package manager, as npx takes it. */
export const pnpm = "pnpm@12.21.0"

/** @param {readonly string[]} paths relative to the root */
const allExist = (paths) => paths.every((path) => existsSync(join(root, path)))

const noNetwork = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|META_FETCH_FAIL/

/** @param {string} output */
const explainInstall = (output) => {
  if (/OUTDATED_LOCKFILE/.test(output))
    return `pnpm-lock.yaml does not match the package.json files: run "npx ${pnpm} install --no-frozen-lockfile".`
  if (noNetwork.test(output))
    return "The packages could not be downloaded: check the network and npm's registry and proxy settings, then run this again."
  return "The packages could not be installed; pnpm's own output is above."
}

/** @type {Step} */
const install = {
  name: "install",
  title: "Installing packages",
  inputs: installInputs,
  isThere: () => allExist(["node_modules/.modules.yaml", "node_modules/.bin/node"]),
  run: async (tool, interrupted) => {
    const args = ["--yes", pnpm, "install", "--frozen-lockfile", "--config.confirm-modules-purge=false"]
    // By default npm takes over a minute to say that there is no network.
    const env = { npm_config_fetch_retry_mintimeout: "1000", ...machineEnvironment }
    await tool("npx", interrupted ? [...args, "--force"] : args, { env, explain: explainInstall })
    await tool(join(binFolder, "node"), ["--version"], {
      explain: () => "The installed Node.js does not run on this machine: delete node_modules and run this again."
    })
  }
}

/** The descriptors that reflection answers with, in proto/gen: of the contract, and of what every server of gRPC has beside its own. */
const descriptors = {
  "descriptors.binpb": ".",
  "health.binpb": "../node_modules/grpc-health-check/proto",
  "reflection.binpb": "../node_modules/@grpc/reflection/build/proto/grpc"
}

/** @type {Step} */
const generate = {
  name: "generate",
  title: "Generating code from the contract",
  inputs: generateInputs,
  isThere: () => allExist(Object.keys(descriptors).map((file) => `proto/gen/${file}`)),
  run: async (tool) => {
    const options = {
      cwd: join(root, "proto"),
      explain: () => "The contract in proto/ has errors; buf names them above."
    }
    await tool("buf", ["generate"], options)
    for (const [file, input] of Object.entries(descriptors)) {
      await tool("buf", ["build", input, "-o", `gen/${file}`], options)
    }
  }
}

/** @returns {string[]} the packages that tsconfig.json lists; the tests' types are checked apart */
export const projects = () =>
  JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"))
    .references.map((/** @type {{ path: string }} */ reference) => reference.path)
    .filter((/** @type {string} */ path) => !path.endsWith(".json"))

/** Where each package that has any code is compiled to. */
const distFolders = () => {
  const inputs = buildInputs()
  return projects()
    .filter((project) => inputs.some((file) => file.startsWith(`${project}/`) && file.endsWith(".ts")))
    .map((project) => `${project}/dist`)
}

/** @type {Step} */
const compile = {
  name: "compile",
  title: "Compiling",
  inputs: buildInputs,
  isThere: () => allExist(distFolders()),
  run: async (tool, interrupted) => {
    const anew = interrupted || !allExist(distFolders())
    await tool("tsc", ["-b", ...(anew ? ["--force"] : []), ...projects()], {
      explain: () => "The code does not compile; the errors are above."
    })
  }
}

/** Each program that runs as one file: where it goes, under packages/ and without its ending, and where it starts. */
const bundles = [
  { to: "server/dist/bundle/main", from: "packages/server/src/main.ts" },
  { to: "demo/dist/bundle/serve", from: "packages/demo/src/serve.ts" },
  { to: "demo/dist/bundle/start", from: "packages/demo/src/start.ts" }
]

// grpc-js and others are CommonJS and call require, which an ES module has not got.
const requireForCommonJs =
  'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);'

/** @type {Step} */
const bundle = {
  name: "bundle",
  title: "Bundling",
  inputs: buildInputs,
  isThere: () => allExist(bundles.map(({ to }) => `packages/${to}.js`)),
  run: async (tool) => {
    await tool(
      "esbuild",
      [
        ...bundles.map(({ to, from }) => `${to}=${from}`),
        "--outdir=packages",
        "--bundle",
        "--platform=node",
        "--format=esm",
        "--target=node22",
        "--conditions=@connector-service/source",
        "--sourcemap",
        "--log-level=warning",
        `--banner:js=${requireForCommonJs}`
      ],
      { explain: () => "The programs could not be bundled; the errors are above." }
    )
  }
}

const everyStep = [install, generate, compile, bundle]

/** @param {Step} step */
const stampOf = (step) => join(stateFolder, step.name)

/** What the stamp of a step says while it runs, and if it is cut off there, afterwards. */
const atWork = "at work"

/** @param {Step} step */
const readStamp = (step) => (existsSync(stampOf(step)) ? readFileSync(stampOf(step), "utf8") : "")

/** @param {Step} step */
const isDone = (step) => step.isThere() && readStamp(step) === fingerprint(step.inputs())

/** @param {string} line */
const tell = (line) => {
  process.stderr.write(`${line}\n`)
}

/** @param {number} since */
const secondsSince = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`

/**
 * @param {Step} step
 * @param {boolean} verbose
 * @param {(group: number) => void} noteGroup
 */
const runStep = async (step, verbose, noteGroup) => {
  const started = Date.now()
  process.stderr.write(`${step.title} …${verbose ? "\n" : " "}`)
  /** @type {Tool} */
  const tool = async (command, args, { explain, ...options }) => {
    const { code, output } = await quietly(command, args, { ...options, show: verbose, onStart: noteGroup })
    throwIfStopped()
    if (code === 127 && command === "npx")
      throw new Failure("npx was not found: install npm (it comes with Node.js) and run this again.")
    if (code !== 0) throw new Failure(explain(output), { output })
  }
  const interrupted = readStamp(step) === atWork
  const inputs = fingerprint(step.inputs())
  writeFileSync(stampOf(step), atWork)
  try {
    await step.run(tool, interrupted)
    writeFileSync(stampOf(step), inputs)
    tell(secondsSince(started))
  } catch (error) {
    tell(`not done after ${secondsSince(started)}`)
    if (!stopped.aborted) rmSync(stampOf(step))
    throw error
  }
}

/**
 * Brings the tree to where its programs and tests run: every step, in order, whose inputs have changed since it was last done.
 * `upTo` names the last step wanted; `anew` forgets what was built before.
 * @param {{ verbose: boolean, upTo?: "install" | "generate" | "compile" | "bundle", anew?: boolean }} options
 */
export const setUp = async ({ verbose, upTo = "bundle", anew = false }) => {
  const steps = everyStep.slice(0, everyStep.findIndex((step) => step.name === upTo) + 1)
  if (!anew && steps.every(isDone)) return
  mkdirSync(stateFolder, { recursive: true })
  await exclusively(tell, async (noteGroup) => {
    if (anew) {
      for (const folder of packageFolders()) rmSync(join(root, folder, "dist"), { recursive: true, force: true })
    }
    for (const step of steps) {
      if (!isDone(step)) await runStep(step, verbose, noteGroup)
    }
  })
}
