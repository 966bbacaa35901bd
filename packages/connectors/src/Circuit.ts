/** When a circuit opens, and for how long: that long the first time, then twice as long each time, up to `longest`. */
export interface Settings {
  /** The share of the last `size` outcomes that must be failures. */
  readonly threshold: number
  readonly size: number
  /** Milliseconds. */
  readonly open: number
  readonly longest: number
}

/** How what was let through ended; `neither` says nothing of the other side. */
export type Outcome = "success" | "failure" | "neither"

/** Whether one may go through, and if not, after how many milliseconds to ask again. `probe` is the one that finds out. */
export type Admission = { readonly refusedFor: number } | { readonly probe: boolean; readonly opening: number }

/** While another one finds out, in milliseconds. */
const soon = 1000

/**
 * A circuit breaker: closed until too many of the last outcomes are failures, then open, then half open for one probe.
 * It is Effect's CircuitBreaker without its store, its scope and its generator a call, which cost 35 µs of the 70 that a
 * call takes us (npm run bench); this costs one. Times are milliseconds of the caller's clock.
 */
export class Circuit {
  readonly #settings: Settings
  #failed: ReadonlyArray<boolean> = []
  #next = 0
  #failures = 0
  /** How often it has opened; what was let through before says nothing any more. */
  #openings = 0
  #inARow = 0
  #openUntil = 0
  #openedFor = 0
  #state: "closed" | "open" | "probing" = "closed"
  #closedAt = 0

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** Asks to go through. */
  admit(now: number): Admission {
    if (this.#state === "closed") return { probe: false, opening: this.#openings }
    if (this.#state === "probing") return { refusedFor: soon }
    if (now < this.#openUntil) return { refusedFor: this.#openUntil - now }
    this.#state = "probing"
    return { probe: true, opening: this.#openings }
  }

  /** Tells how it ended. */
  record(admission: Extract<Admission, { readonly probe: boolean }>, outcome: Outcome, now: number): void {
    if (admission.opening !== this.#openings) return
    if (admission.probe) {
      this.#probed(outcome, now)
      return
    }
    if (outcome === "neither") return
    this.#remember(outcome === "failure")
    const { size, threshold } = this.#settings
    if (this.#failed.length === size && this.#failures > 0 && this.#failures / size >= threshold) this.#trip(now)
  }

  #remember(failed: boolean): void {
    const { size } = this.#settings
    // a ring of the last outcomes, which only this class holds
    const ring = this.#failed as Array<boolean>
    if (ring.length === size && ring[this.#next] === true) this.#failures -= 1
    ring[this.#next] = failed
    if (failed) this.#failures += 1
    this.#next = (this.#next + 1) % size
  }

  #probed(outcome: Outcome, now: number): void {
    switch (outcome) {
      case "failure":
        this.#trip(now)
        break
      case "neither":
        this.#state = "open"
        break
      case "success":
        this.#state = "closed"
        this.#closedAt = now
        this.#forget()
    }
  }

  #trip(now: number): void {
    // one that stayed closed as long as it was last open begins anew
    const recovered = this.#state === "closed" && now - this.#closedAt >= this.#openedFor
    this.#inARow = recovered ? 1 : this.#inARow + 1
    const { longest, open } = this.#settings
    this.#openedFor = Math.min(longest, open * 2 ** Math.min(this.#inARow - 1, 30))
    this.#openUntil = now + this.#openedFor
    this.#openings += 1
    this.#state = "open"
    this.#forget()
  }

  #forget(): void {
    this.#failed = []
    this.#next = 0
    this.#failures = 0
  }
}
