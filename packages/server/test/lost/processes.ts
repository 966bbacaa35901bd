import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { createServer } from "node:net"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

/** A process that is started again and again. */
export interface Revenant {
  /** Resolves once it is ready. */
  readonly start: () => Promise<void>
  /** Resolves once it has ended. */
  readonly end: (signal: "SIGKILL" | "SIGTERM") => Promise<void>
}

/** One that is ready when its output holds a text; or, where somebody keeps the lines of that, its standard error. */
export const revenant = (
  args: ReadonlyArray<string>,
  ready: string,
  env: Readonly<Record<string, string>> = {},
  keep?: (line: string) => void
): Revenant => {
  let child: ChildProcess | undefined
  return {
    start: () =>
      new Promise((resolve, reject) => {
        const started = spawn(process.execPath, args, {
          env: { PATH: process.env.PATH, ...env },
          stdio: ["ignore", "pipe", keep === undefined ? "inherit" : "pipe"]
        })
        child = started
        const watch = (line: string) => {
          if (line.includes(ready)) resolve()
        }
        for (const [stream, heard] of [
          [started.stdout, keep ?? watch],
          [started.stderr, watch]
        ] as const) {
          if (stream !== null) createInterface(stream).on("line", heard)
        }
        started.once("close", (code) => reject(new Error(`${args.join(" ")} ended with ${code} before it was ready`)))
      }),
    end: async (signal) => {
      const ending = child
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
      await new Promise<void>((resolve) => {
        ending.once("close", () => resolve())
        ending.kill(signal)
      })
    }
  }
}

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** The server's bundle, which starts in half the time of its sources; `keep` is given what it writes. */
export const server = (env: Readonly<Record<string, string>>, keep?: (line: string) => void): Revenant =>
  revenant([path("../../dist/bundle/main.js")], "Listening:", { LOG_LEVEL: "info", ...env }, keep)

/** What is always there, whoever is killed. */
export const nobody: Revenant = { start: () => Promise.resolve(), end: () => Promise.resolve() }

/** What keeps events in a file: one of the programs beside this. */
export const keeper = (program: "receiver" | "subscriber", ...args: ReadonlyArray<string>): Revenant =>
  revenant([path(`./${program}.ts`), ...args], "ready")

/** Ports of loopback that are free. */
export const freePorts = async (count: number): Promise<ReadonlyArray<number>> => {
  const taken = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const socket = createServer().listen(0, "127.0.0.1", () => resolve(socket))
        })
    )
  )
  const ports = taken.map((socket) => {
    const address = socket.address()
    return typeof address === "object" && address !== null ? address.port : 0
  })
  await Promise.all(taken.map((socket) => new Promise((resolve) => socket.close(resolve))))
  return ports
}

/** What was kept: each event's id, and the id that it was sent under. */
export const keptIn = (file: string): ReadonlyArray<readonly [event: string, message: string]> =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        // a line without its end was never acknowledged
        .slice(0, -1)
        .map((line) => {
          const [event = "", message = ""] = line.split(" ")
          return [event, message] as const
        })
    : []
