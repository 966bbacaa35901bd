import { type ChildProcessByStdio, execFile, spawn } from "node:child_process"
import { connect, createServer } from "node:net"
import { resolve } from "node:path"
import type { Readable } from "node:stream"
import { fileURLToPath } from "node:url"

/** The folder that holds package.json. */
export const root = fileURLToPath(new URL("../../..", import.meta.url))

const freePorts = { PORT: "0", HTTP_PORT: "0", SANDBOX_PORT: "0" }

/** A program of the demo, as `npm run` starts it. */
export interface Program {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves when standard output holds the text; rejects when the program ends before. */
  readonly said: (text: string) => Promise<void>
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>
}

/** Starts one on free ports, but for those that `env` names, in a process group of its own. */
export const startProgram = (name: "serve" | "start", env: Readonly<Record<string, string>> = {}): Program => {
  const child = spawn(process.execPath, [resolve(root, `packages/demo/dist/bundle/${name}.js`)], {
    cwd: root,
    env: { ...process.env, ...freePorts, FORCE_COLOR: undefined, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"]
  })
  let out = ""
  let err = ""
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    out += piece
  })
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    err += piece
  })
  const ended = new Promise<number | null>((done) => child.once("close", done))
  return {
    child,
    stdout: () => out,
    stderr: () => err,
    ended,
    said: (text) =>
      new Promise((done, reject) => {
        const look = () => {
          if (out.includes(text)) done()
        }
        child.stdout.on("data", look)
        look()
        ended.then((code) => reject(new Error(`it ended with ${code} before it said "${text}": ${out}${err}`)))
      })
  }
}

/** Sends signals to a program and everything in its group, as a terminal does, if it still runs. */
export const signal = ({ child }: Program, ...signals: ReadonlyArray<NodeJS.Signals>): void => {
  for (const name of signals) {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, name)
  }
}

/** Where a program that serves says it serves. */
export const placesOf = (
  stdout: string
): { readonly grpc: string; readonly http: string; readonly sandbox: string } => {
  const place = (pattern: RegExp) => pattern.exec(stdout)?.[1] ?? `nothing matches ${pattern}`
  return {
    grpc: place(/^gRPC +(\S+)$/m),
    http: place(/^Health +http:\/\/([^/]+)\/readyz$/m),
    sandbox: place(/^Sandbox +http:\/\/([^/]+)\/_sandbox\/ledger$/m)
  }
}

/** Whether anything listens at "host:port". */
export const listens = (place: string): Promise<boolean> =>
  new Promise((done) => {
    const [host, port] = place.split(":")
    const socket = connect({ host: host ?? "", port: Number(port) })
    socket.once("connect", () => {
      socket.destroy()
      done(true)
    })
    socket.once("error", () => done(false))
  })

/** Takes a port of loopback. */
export const takePort = (): Promise<{ readonly port: number; readonly free: () => void }> =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address()
      done({ port: typeof address === "object" && address !== null ? address.port : 0, free: () => server.close() })
    })
  })

/** What a command that ended left. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command in the root to its end. */
export const runCommand = (command: string, args: ReadonlyArray<string>): Promise<Ran> =>
  new Promise((done) => {
    execFile(command, args, { cwd: root }, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : error === null ? 0 : 1
      done({ code, stdout, stderr })
    })
  })

/** The blocks of a page in one language, in their order. */
export const blocksOf = (page: string, language: string): ReadonlyArray<string> =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, block]) => block ?? "")
