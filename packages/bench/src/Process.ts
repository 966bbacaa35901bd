import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { Questions, Reply } from "./Answering.ts"
import type { Probe } from "./Probe.ts"

/** A process that answers questions. */
export interface Process<Q extends Questions> {
  readonly ask: <K extends keyof Q & string>(
    name: K,
    ...given: Parameters<Q[K]> extends [] ? [] : [given: Parameters<Q[K]>[0]]
  ) => Promise<Awaited<ReturnType<Q[K]>>>
  /** The first line of its log that matches, as matched. */
  readonly prints: (pattern: RegExp) => Promise<RegExpExecArray>
  /** How many lines it has written to standard output, where its log goes elsewhere. */
  readonly lines: () => number
  /** Ends it. */
  readonly end: () => Promise<void>
}

/** What is started, and where. */
export interface Program {
  /** A file of this folder, without its ending, or an absolute path. */
  readonly file: string
  /** `measured` has a core of its own; `other` shares what is left. */
  readonly core: "measured" | "other"
  readonly env?: Readonly<Record<string, string>>
  /** Where its log goes; to standard output unless said. */
  readonly logs?: "stderr"
  /** Without the probe it starts as it does for users, and answers no questions. */
  readonly probe?: false
}

/** "pid 17's current affinity list: 0,2-3" */
const allowedCores = (): ReadonlyArray<number> => {
  const { error, stdout = "" } = spawnSync("taskset", ["-cp", String(process.pid)], { encoding: "utf8" })
  if (error !== undefined) return []
  const [, list = ""] = /: *([\d,-]+)\s*$/.exec(stdout) ?? []
  return list.split(",").flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split("-").map(Number)
    return Array.from({ length: Number.isInteger(first) ? last - first + 1 : 0 }, (_, index) => first + index)
  })
}

const [measuredCore, otherCore] = allowedCores()

/** The cores that processes are held to; undefined where the machine has no two, or no `taskset`. */
export const pinned =
  measuredCore === undefined || otherCore === undefined ? undefined : { measured: measuredCore, other: otherCore }

/** Holds this process to a core, where there is one for it: what it reads of others' output then costs them nothing. */
export const pin = (core: Program["core"]): void => {
  if (pinned !== undefined) spawnSync("taskset", ["-cp", String(pinned[core]), String(process.pid)])
}

/** The ending of this package's own files: they run from the sources and from what they are compiled to. */
const ending = import.meta.filename.slice(import.meta.filename.lastIndexOf("."))
const own = (name: string): string => fileURLToPath(new URL(`./${name}${ending}`, import.meta.url))

const flags = ending === ".ts" ? ["--conditions=@connector-service/source"] : []

const running = new Set<ChildProcess>()
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL")
})

/** Starts a program in a process of its own; all have the same flags. */
export const start = <Q extends Questions>({ core, env, file, logs, probe }: Program): Process<Q & Probe> => {
  const preload = probe === false ? [] : ["--import", own("Probe")]
  const node = [process.execPath, ...flags, ...preload, file.startsWith("/") ? file : own(file)]
  const [command = "", ...args] = pinned === undefined ? node : ["taskset", "-c", String(pinned[core]), ...node]
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    serialization: "advanced",
    stdio: ["ignore", "pipe", logs === undefined ? "inherit" : "pipe", "ipc"]
  })
  running.add(child)
  const exited = once(child, "exit").finally(() => running.delete(child))
  const gone = exited.then(([code, signal]) => Promise.reject(new Error(`${file} ended early (${code ?? signal}).`)))
  gone.catch(() => undefined)

  const waiting = new Map<number, (reply: Reply) => void>()
  // the process sends nothing but replies
  child.on("message", (message) => waiting.get((message as Reply).id)?.(message as Reply))
  let asked = 0
  const ask = (name: string, given?: unknown): Promise<unknown> => {
    asked += 1
    const id = asked
    const answered = new Promise<unknown>((resolve, reject) => {
      waiting.set(id, ({ error, value }) => {
        waiting.delete(id)
        if (error === undefined) resolve(value)
        else reject(new Error(`${file} could not answer "${name}": ${error}`))
      })
      child.send({ id, name, given })
    })
    return Promise.race([answered, gone])
  }

  let written = 0
  if (logs !== undefined) {
    child.stdout?.on("data", (piece: Buffer) => {
      for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) written += 1
    })
  }
  const log = logs === undefined ? child.stdout : child.stderr
  const lines = log === null ? undefined : createInterface(log)
  return {
    // Q says what each question takes and gives
    ask: ask as Process<Q & Probe>["ask"],
    prints: (pattern) =>
      Promise.race([
        new Promise<RegExpExecArray>((resolve) => {
          lines?.on("line", (line) => {
            const match = pattern.exec(line)
            if (match !== null) resolve(match)
          })
        }),
        gone
      ]),
    lines: () => written,
    end: async () => {
      child.kill("SIGTERM")
      await exited
    }
  }
}
