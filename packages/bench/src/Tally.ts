/** One stretch of measuring. */
export interface Stretch {
  /** How many calls are under way at once. */
  readonly concurrency: number
  /** Milliseconds of measuring. */
  readonly millis: number
}

/** What came of a stretch. Latencies are in microseconds. */
export interface Tallied {
  /** Every call, those before and after the measuring included. */
  readonly calls: number
  /** Calls whose answer was not the one expected. */
  readonly wrong: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

/** The value that `share` of the sorted values do not exceed (nearest rank); NaN of none. */
export const percentile = (sorted: ArrayLike<number>, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN

/** The middle value, or the mean of the middle two. */
export const median = (values: ReadonlyArray<number>): number => {
  const sorted = Float64Array.from(values).sort()
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2
}

/** Counts and times the calls of a stretch, the first few of which only bring the connections up. */
export class Tally {
  readonly #millis: number
  readonly #settlingIn: number
  readonly #latencies: Array<number> = []
  #from = Number.POSITIVE_INFINITY
  #calls = 0
  #wrong = 0
  #inTime = 0

  constructor({ concurrency, millis }: Stretch) {
    this.#millis = millis
    this.#settlingIn = concurrency * 2
  }

  /** When a call that begins now begins. */
  begin(): number {
    return performance.now()
  }

  /** Notes a call that began then and has ended; says whether another one is due. */
  end(began: number, right: boolean): boolean {
    const now = performance.now()
    this.#calls += 1
    if (!right) this.#wrong += 1
    if (this.#calls === this.#settlingIn) this.#from = now
    const until = this.#from + this.#millis
    if (now > this.#from && now <= until) this.#inTime += 1
    if (began >= this.#from && began < until) this.#latencies.push((now - began) * 1000)
    return now < until
  }

  /** What it comes to, once every call has ended. */
  get tallied(): Tallied {
    const sorted = Float64Array.from(this.#latencies).sort()
    return {
      calls: this.#calls,
      wrong: this.#wrong,
      perSecond: (this.#inTime / this.#millis) * 1000,
      p50: percentile(sorted, 0.5),
      p99: percentile(sorted, 0.99)
    }
  }
}
