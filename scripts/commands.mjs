import { check, specificationsAreThere } from "./check.mjs"
import { publishedFolders } from "./inputs.mjs"
import { Failure, inForeground, quietly, throwIfStopped } from "./processes.mjs"
import { pnpm, setUp } from "./setup.mjs"

/** @typedef {(args: readonly string[], verbose: boolean) => Promise<number>} Command answers with the exit code */

/** @param {string} program @param {readonly string[]} [fixed] @returns {Command} */
const program =
  (program, fixed = []) =>
  async (args, verbose) => {
    await setUp({ verbose })
    return inForeground(program, [...fixed, ...args])
  }

const vitest = program("vitest", ["run"])
const vitestReal = program("vitest", ["run", "--config", "vitest.real.config.ts"])
const vitestConformance = program("vitest", [
  "run",
  "--config",
  "vitest.conformance.config.ts",
  "--tags-filter=conformance"
])

/** @param {Command} command @returns {Command} */
const withSpecifications = (command) => async (args, verbose) => {
  if (!specificationsAreThere())
    throw new Failure(
      "These tests read the processors' published specifications from ../shared/specs, which is not there: put them there, or name their folder in SPECS_DIR."
    )
  return command(args, verbose)
}

/** @param {(verbose: boolean) => Promise<number>} run @returns {Command} */
const withoutArguments = (run) => (args, verbose) => {
  if (args.length > 0) throw new Failure(`This command takes no arguments but --verbose (given: ${args.join(" ")}).`)
  return run(verbose)
}

/** @param {string} command @param {readonly string[]} args */
const rewrite = async (command, args) => {
  const { code, output } = await quietly(command, args)
  throwIfStopped()
  process.stdout.write(output)
  return code
}

/** @type {Record<string, Command>} */
const commands = {
  setup: withoutArguments(async (verbose) => {
    await setUp({ verbose })
    console.log("Set-up is complete.")
    return 0
  }),
  start: program("node", ["packages/demo/dist/bundle/start.js"]),
  serve: program("node", ["packages/demo/dist/bundle/serve.js"]),
  bench: program("node", ["packages/bench/dist/main.js"]),
  proof: program("node", ["packages/proof/dist/main.js"]),
  "proof:processes": program("node", ["packages/proof/dist/processes/main.js"]),
  fuzz: program("node", ["packages/fuzz/dist/main.js"]),
  docs: program("node", ["packages/docs/dist/main.js"]),
  pack: program("npx", [
    ...["--yes", pnpm, "--recursive", ...publishedFolders().map((folder) => `--filter=./${folder}`)],
    "pack"
  ]),
  test: vitest,
  "test:real": withSpecifications(vitestReal),
  conformance: withSpecifications(vitestConformance),
  build: withoutArguments(async (verbose) => {
    await setUp({ verbose, anew: true })
    return 0
  }),
  check: withoutArguments(async (verbose) => {
    await setUp({ verbose, upTo: "generate" })
    return check()
  }),
  format: withoutArguments(async (verbose) => {
    await setUp({ verbose, upTo: "install" })
    const biome = await rewrite("biome", ["check", "--write", "--diagnostic-level=error", "."])
    const buf = await rewrite("buf", ["format", "proto", "-w"])
    return biome === 0 ? buf : biome
  })
}

/**
 * Runs one command. What goes wrong is one line on standard error, after the output of the tool that failed.
 * @param {readonly string[]} args the command, then its own arguments; --verbose shows what set-up's tools print
 * @returns {Promise<number>} the exit code
 */
export const run = async ([name = "", ...rest]) => {
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined)
      throw new Failure(`There is no command "${name}"; there are: ${Object.keys(commands).join(", ")}.`)
    return await command(
      rest.filter((arg) => arg !== "--verbose"),
      rest.includes("--verbose")
    )
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (error instanceof Failure && error.output !== "") process.stderr.write(`\n${error.output.trimEnd()}\n`)
    console.error(error.message)
    return error instanceof Failure ? error.code : 1
  }
}
