import { HealthState } from "nice-grpc-server-health"

/** Whether the server serves: what gRPC health, its watchers and /readyz say. */
export class Health {
  /** As gRPC's health service reads it. */
  readonly state = HealthState()
  readonly #services: ReadonlyArray<string>
  readonly #stopping = new AbortController()

  /** `services` are the full names asked about besides the whole server's empty one. */
  constructor(services: ReadonlyArray<string>) {
    this.#services = ["", ...services]
    this.#set("unhealthy")
  }

  #set(status: "healthy" | "unhealthy"): void {
    for (const service of this.#services) this.state.setStatus(status, service)
  }

  /** From now on it serves. */
  serve(): void {
    this.#set("healthy")
  }

  /** From now on it does not serve, and never will again; watchers are told. */
  stop(): void {
    this.#set("unhealthy")
    this.#stopping.abort()
  }

  /** Aborted when it stops. */
  get stopping(): AbortSignal {
    return this.#stopping.signal
  }

  /** Whether it serves. */
  get ready(): boolean {
    return this.state.getStatus("") === "healthy"
  }
}
