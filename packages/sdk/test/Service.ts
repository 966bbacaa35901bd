import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const main = fileURLToPath(new URL("../../server/src/main.ts", import.meta.url))

/** The real server as its own process, with one account, "sandbox", at a sandboxed Stripe. */
export const startService = async (sandboxUrl: string) => {
  const child = spawn(process.execPath, ["--conditions=@connector-service/source", main], {
    env: {
      PATH: process.env.PATH,
      HOST: "127.0.0.1",
      PORT: "0",
      HTTP_PORT: "0",
      STRIPE_SANDBOX_URL: `${sandboxUrl}/stripe`,
      ACCOUNT_SANDBOX: JSON.stringify({ stripe: { secretKey: "sk_test_sdk" } })
    },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  const said: Array<string> = []
  const [address, httpAddress] = await new Promise<[string, string]>((resolve, reject) => {
    const listen = (line: string) => {
      said.push(line)
      const [, at, httpAt] = /gRPC on ([\d.]+:\d+), HTTP on ([\d.]+:\d+)/.exec(line) ?? []
      if (at !== undefined && httpAt !== undefined) resolve([at, `http://${httpAt}`])
    }
    createInterface(child.stdout).on("line", listen)
    createInterface(child.stderr).on("line", listen)
    child.once("exit", () => reject(new Error(`the server did not start: ${said.join("\n")}`)))
  })
  return {
    /** Of gRPC. */
    address,
    /** Of Effect RPC. */
    httpAddress,
    /** Lets running calls end, or with SIGKILL does not. */
    stop: (signal: "SIGTERM" | "SIGKILL" = "SIGTERM") => {
      child.kill(signal)
      return exited
    }
  }
}
/** The real server as its own process. */
export type Service = Awaited<ReturnType<typeof startService>>
