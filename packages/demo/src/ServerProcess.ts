import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import type { Readable } from "node:stream"
import { fileURLToPath } from "node:url"
import { hasEvents } from "@connector-service/server/Output"
import { fail } from "./Failure.ts"

/** A server in a process of its own. */
export interface ServerProcess {
  /** "127.0.0.1:50051" */
  readonly grpc: string
  /** "127.0.0.1:8080" */
  readonly http: string
  /** Resolves when the process has ended, whoever ended it, with how in a few words. */
  readonly ended: Promise<string>
  /** Asks it to end once its running calls have. */
  readonly end: () => void
  /** Ends it from one moment to the next (SIGKILL), whatever it is doing. */
  readonly kill: () => void
}

const module = new URL(import.meta.resolve("@connector-service/server/main"))

/** The bundle starts in half the time; the sources have none. */
const program = fileURLToPath(module.pathname.endsWith(".ts") ? module : new URL("bundle/main.js", module))

/** Ends the server in order when this process is gone without a word: the channel between the two closes then. */
const tether = `data:text/javascript,${encodeURIComponent(
  'process.once("disconnect", () => process.kill(process.pid, "SIGTERM")); process.channel.unref()'
)}`

const listening = /Listening: gRPC on ([^\s,]+:\d+), HTTP on ([^\s,]+:\d+)\./

const levels = ["trace", "debug", "info", "warn", "error"]

/** Whether a line of the server is a line of its log below a level; what cannot be read as one is not. */
const isBelow = (line: string, level: number): boolean => {
  const [, word = ""] = /"level":"([A-Z]+)"/.exec(line) ?? []
  const place = levels.indexOf(word.toLowerCase())
  return place >= 0 && place < level
}

const tell = (line: string): void => void process.stderr.write(`${line}\n`)

const spawnServer = (env: NodeJS.ProcessEnv): ChildProcess & { readonly stderr: Readable } =>
  spawn(process.execPath, [...process.execArgv, "--import", tether, program], {
    env,
    // A terminal gives its Ctrl-C to a whole process group, and to the server a second signal means "at once".
    detached: true,
    // an event that it has written must not be lost with this process
    stdio: ["ignore", hasEvents(env.EVENT_SINK) ? "inherit" : "pipe", "pipe", "ipc"]
    // The type of a spawn with these pipes does not know them beside "ipc".
  }) as ChildProcess & { readonly stderr: Readable }

/**
 * Starts the server and waits until it serves. Rejects with Failure when it ends instead, in its own words if it had
 * any. Of its log, what LOG_LEVEL asks for is passed on: only errors if it is absent.
 */
export const startServer = async (env: NodeJS.ProcessEnv): Promise<ServerProcess> => {
  const asked = levels.indexOf(env.LOG_LEVEL ?? "")
  const least = asked < 0 ? levels.length - 1 : asked
  // It says at "info" where it listens.
  const level = levels[Math.min(least, levels.indexOf("info"))]
  const child = spawnServer({ ...env, LOG_FORMAT: "json", LOG_LEVEL: level })
  const complaints: Array<string> = []
  let started = false

  const ended = new Promise<string>((resolve) => {
    child.once("error", ({ message }) => resolve(message))
    child.once("close", (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  const ready = new Promise<RegExpExecArray>((resolve) => {
    const hear = (stream: Readable, pass: (line: string) => void) =>
      createInterface(stream).on("line", (line) => {
        if (!isBelow(line, least)) pass(line)
        const match = listening.exec(line)
        if (match !== null) resolve(match)
      })
    if (child.stdout !== null) hear(child.stdout, tell)
    // its log too, where events have its standard output to themselves
    hear(child.stderr, (line) => void (started ? tell(line) : complaints.push(line)))
  })

  const first = await Promise.race([ready, ended])
  if (typeof first === "string") return fail(complaints.join("\n") || `The server did not start (${first}).`)
  started = true
  complaints.forEach(tell)
  const [, grpc = "", http = ""] = first
  return { grpc, http, ended, end: () => void child.kill("SIGTERM"), kill: () => void child.kill("SIGKILL") }
}
