import type { Fault, FaultKind } from "@connector-service/sandbox/Faults"
import type { LedgerView } from "@connector-service/sandbox/Ledger"
import { pause } from "./Run.ts"

/** The sandbox's control endpoints (docs/sandbox.md). */
export class Control {
  readonly #url: string
  #seen = 0
  /** How often each kind of fault struck, by `kind connector`. */
  readonly struck = new Map<string, number>()
  /** The status that a write was answered with last, by its key. */
  readonly answers = new Map<string, number>()

  constructor(sandbox: string) {
    this.#url = `${sandbox}/_sandbox`
  }

  /** Asks again while the sandbox refuses connections, which is one of its faults. */
  async #ask(path: string, init: RequestInit = {}): Promise<unknown> {
    for (;;) {
      const reply = await fetch(`${this.#url}/${path}`, init).catch(() => undefined)
      if (reply?.ok === true) return reply.json()
      if (reply !== undefined) return Promise.reject(new Error(`The sandbox answered ${path} with ${reply.status}.`))
      await pause(50)
    }
  }

  /** Adds a fault. */
  async fault(fault: Fault): Promise<void> {
    if (fault.kind === "refuse") this.#strike("refuse", "all")
    await this.#ask("faults", { method: "POST", body: JSON.stringify(fault) })
  }

  /** The faults that wait. */
  async waiting(): Promise<ReadonlyArray<Fault>> {
    // the control answers with nothing else
    return (await this.#ask("faults")) as ReadonlyArray<Fault>
  }

  /** Takes back the faults that wait. */
  async calm(): Promise<void> {
    await this.#ask("faults", { method: "DELETE" })
  }

  #strike(kind: FaultKind, connector: string): void {
    const name = `${kind} ${connector}`
    this.struck.set(name, (this.struck.get(name) ?? 0) + 1)
  }

  /** Reads the ledger. Must be done before 10,000 more requests are made, which is as many as it keeps. */
  async ledger(): Promise<LedgerView> {
    const ledger = (await this.#ask("ledger")) as LedgerView
    const fresh = ledger.requests_seen - this.#seen
    this.#seen = ledger.requests_seen
    for (const { fault, idempotency_key, path, status } of fresh === 0 ? [] : ledger.requests.slice(-fresh)) {
      // as the sandbox named them
      if (fault !== null) this.#strike(fault as FaultKind, path.split("/")[1] ?? "")
      if (idempotency_key !== null && status !== null) this.answers.set(idempotency_key, status)
    }
    return ledger
  }
}
