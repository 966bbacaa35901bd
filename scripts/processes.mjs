import { spawn } from "node:child_process"
import { constants } from "node:os"
import { root, toolEnvironment } from "./paths.mjs"

/** What a user is told in one line, after the output of the tool that failed, if one did. */
export class Failure extends Error {
  /**
   * @param {string} message
   * @param {{ output?: string, code?: number }} [more]
   */
  constructor(message, { output = "", code = 1 } = {}) {
    super(message)
    this.output = output
    this.code = code
  }
}

/** @typedef {{ child: import("node:child_process").ChildProcess, ownGroup: boolean }} Running */

/** @type {Set<Running>} */
const running = new Set()
const stopping = new AbortController()

/** Aborted, with the signal's name as reason, when we have been asked to stop. */
export const stopped = stopping.signal

/** @param {NodeJS.Signals} signal */
const exitCodeOf = (signal) => 128 + (constants.signals[signal] ?? 0)

/** Throws when we have been asked to stop. */
export const throwIfStopped = () => {
  if (stopped.aborted) throw new Failure("Stopped.", { code: exitCodeOf(stopped.reason) })
}

/**
 * @param {Running} entry
 * @param {NodeJS.Signals} signal
 */
const send = ({ child, ownGroup }, signal) => {
  if (child.pid === undefined) return
  try {
    process.kill(ownGroup ? -child.pid : child.pid, signal)
  } catch {
    // It has ended by itself.
  }
}

const graceMillis = 5_000

/** @param {NodeJS.Signals} signal */
const stop = (signal) => {
  stopping.abort(signal)
  for (const entry of running) {
    if (entry.ownGroup) {
      send(entry, "SIGTERM")
      setTimeout(() => send(entry, "SIGKILL"), graceMillis).unref()
    } else if (signal !== "SIGINT" || !process.stdin.isTTY) {
      // A terminal gives its Ctrl-C to the child as well, and many programs take a second one as "at once".
      send(entry, signal)
    }
  }
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => stop(signal))

if (process.env.npm_lifecycle_event !== undefined) {
  // npm may be killed without passing that on to us; nothing we started may outlive it.
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent && !stopped.aborted) stop("SIGTERM")
  }, 1_000).unref()
}

/**
 * Runs a tool to its end and keeps its output. It has its own process group, so that stopping it leaves none of its children.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, onStart?: (group: number) => void }} [options]
 * @returns {Promise<{ code: number, output: string }>} its exit code, 127 if there is no such tool
 */
export const quietly = (command, args, { cwd = root, env = toolEnvironment, show = false, onStart } = {}) => {
  throwIfStopped()
  return new Promise((resolve) => {
    const output = show ? "inherit" : "pipe"
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", output, output] })
    const entry = { child, ownGroup: true }
    running.add(entry)
    if (child.pid !== undefined) onStart?.(child.pid)
    /** @type {Buffer[]} */
    const chunks = []
    child.stdout?.on("data", (chunk) => chunks.push(chunk))
    child.stderr?.on("data", (chunk) => chunks.push(chunk))
    /** @param {number} code */
    const end = (code) => {
      running.delete(entry)
      resolve({ code, output: Buffer.concat(chunks).toString() })
    }
    child.on("error", (error) => {
      chunks.push(Buffer.from(`${error.message}\n`))
      end(127)
    })
    child.on("close", (code, signal) => end(code ?? (signal === null ? 1 : exitCodeOf(signal))))
  })
}

/**
 * Runs a program with this terminal, passes signals on to it, and answers with its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export const inForeground = (command, args) => {
  throwIfStopped()
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: toolEnvironment, stdio: "inherit" })
    const entry = { child, ownGroup: false }
    running.add(entry)
    child.on("error", (error) => reject(new Failure(`${command} did not start: ${error.message}`)))
    child.on("exit", (code, signal) => {
      running.delete(entry)
      resolve(code ?? (signal === null ? 1 : exitCodeOf(signal)))
    })
  })
}
