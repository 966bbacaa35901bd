import { type ServerProcess, startServer } from "@connector-service/demo/ServerProcess"
import { settingsFor } from "@connector-service/demo/Services"
import { Seeded } from "../Seeded.ts"
import { pause, type Run } from "./Run.ts"

/** Two processes of the server, each at an address that it keeps. */
export class Servers {
  readonly #env: NodeJS.ProcessEnv
  readonly #running: [ServerProcess, ServerProcess]
  /** "127.0.0.1:50051" */
  readonly addresses: readonly [string, string]
  /** How many were killed so far. */
  kills = 0

  private constructor(env: NodeJS.ProcessEnv, running: [ServerProcess, ServerProcess]) {
    this.#env = env
    this.#running = running
    this.addresses = [running[0].grpc, running[1].grpc]
  }

  /** Starts both on free ports of loopback. */
  static async start(sandbox: string): Promise<Servers> {
    const env = { ...process.env, ...settingsFor(sandbox), LOG_LEVEL: "none" }
    const started = () => startServer({ ...env, PORT: "0", HTTP_PORT: "0" })
    return new Servers(env, [await started(), await started()])
  }

  /** Kills one where it stands, and starts another in its place. */
  async replace(which: 0 | 1): Promise<void> {
    this.#running[which].kill()
    if ((await this.#running[which].ended) === "SIGKILL") this.kills += 1
    const [, port = "0"] = this.addresses[which].split(":")
    this.#running[which] = await this.#again(port, 5)
  }

  /** While nobody listened there, the port may have been given to somebody's connection. */
  #again(port: string, tries: number): Promise<ServerProcess> {
    const started = startServer({ ...this.#env, PORT: port, HTTP_PORT: "0" })
    if (tries === 1) return started
    return started.catch(() => pause(500).then(() => this.#again(port, tries - 1)))
  }

  /** Kills one of them every few seconds until all is calm. */
  async fall(run: Run): Promise<void> {
    const chance = new Seeded(`${run.seed} kills`)
    while (!run.calm) {
      await pause(chance.whole(2000, 5000))
      if (!run.calm) await this.replace(chance.once(2) ? 0 : 1)
    }
  }

  /** Ends both. */
  async end(): Promise<void> {
    for (const { kill } of this.#running) kill()
    await Promise.all(this.#running.map(({ ended }) => ended))
  }
}
