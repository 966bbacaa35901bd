import { execFile, execFileSync, spawn } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const run = promisify(execFile)
const root = fileURLToPath(new URL("../../../../", import.meta.url))
const here = join(root, "packages/server/test/real")

/** A server of the bundle that `npm run build` makes, in a process of its own. */
export interface ServerProcess {
  /** "127.0.0.1:50051" */
  readonly address: string
  readonly stop: () => Promise<void>
}

/** Starts the bundle; rejects with what it wrote when it ends before it listens. */
export const startServer = async (env: Readonly<Record<string, string>>): Promise<ServerProcess> => {
  const main = join(root, "packages/server/dist/bundle/main.js")
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, ...env, LOG_LEVEL: "info" },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()))
  const written: Array<string> = []
  const listening = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        written.push(line)
        const [, address] = /gRPC on (127\.0\.0\.1:\d+)/.exec(line) ?? []
        if (address !== undefined) resolve(address)
      })
    }
  })
  const address = await Promise.race([listening, ended])
  if (address === undefined) throw new Error(`the server did not start: ${written.join("\n")}`)
  return {
    address,
    stop: async () => {
      child.kill("SIGTERM")
      await ended
    }
  }
}

/** The Python of the virtual environment that `python/setup` makes; throws where it has not been made. */
const python = (): string => {
  const found = join(process.env.PYTHON_VENV ?? join(root, ".setup/python"), "bin/python")
  if (existsSync(found)) return found
  throw new Error(`${found} was not found: run "bash packages/server/test/real/python/setup" (PYTHON_VENV says where).`)
}

/** What a scenario of client.py saw, as its protobuf package writes JSON: an int64 is a string there. */
export type Seen = { readonly scenario: string; readonly seen?: unknown; readonly crashed?: string }

/** Generates Python's stubs from the contract, runs client.py against the server, and answers its lines. */
export const runPython = async (server: string, sandbox: string): Promise<ReadonlyArray<Seen>> => {
  const program = python()
  const stubs = mkdtempSync(join(tmpdir(), "python-stubs-"))
  try {
    const proto = join(root, "proto")
    const files = readdirSync(join(proto, "payments/v1")).map((file) => `payments/v1/${file}`)
    const outputs = [`--python_out=${stubs}`, `--grpc_python_out=${stubs}`]
    await run(program, ["-m", "grpc_tools.protoc", `-I${proto}`, ...outputs, ...files], { cwd: proto, timeout: 60_000 })
    const { stdout } = await run(program, [join(here, "python/client.py"), server, sandbox], {
      env: { PATH: process.env.PATH, PYTHONPATH: stubs, PYTHONDONTWRITEBYTECODE: "1" },
      timeout: 120_000
    })
    // client.py writes the lines; one that is cut off is no JSON and fails here
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Seen)
  } finally {
    rmSync(stubs, { recursive: true, force: true })
  }
}

/** Runs docs/examples/errors.py by the commands of docs/grpc.md, but for what installs, and answers what it printed. */
export const runPythonExample = async (
  server: string,
  changes: Readonly<Record<string, string>> = {}
): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "python-example-"))
  try {
    const [, block = ""] = /```bash\n([\s\S]*?)```/.exec(readFileSync(join(root, "docs/grpc.md"), "utf8")) ?? []
    const texts = { "127.0.0.1:50051": server, ...changes }
    const example = readFileSync(join(root, "docs/examples/errors.py"), "utf8")
    const code = Object.entries(texts).reduce((all, [from, to]) => all.replaceAll(from, to), example)
    writeFileSync(join(folder, "errors.py"), code)
    const commands = block
      .replace(/^.* -m pip install .*\n/m, "")
      .replaceAll("docs/examples/errors.py", join(folder, "errors.py"))
      .replaceAll("python3", python())
      .replaceAll("stubs", join(folder, "stubs"))
    return (await run("sh", ["-euc", commands], { cwd: root, timeout: 60_000 })).stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What docs/examples/key.py prints for these operations. */
export const runPythonKeys = (operations: ReadonlyArray<object>): ReadonlyArray<string> =>
  execFileSync(python(), [join(root, "docs/examples/key.py")], {
    input: operations.map((operation) => `${JSON.stringify(operation)}\n`).join(""),
    encoding: "utf8",
    timeout: 60_000
  })
    .trim()
    .split("\n")
