import { hash } from "node:crypto"

/** Chance that a seed determines: the same seed gives the same draws in every process and release. */
export class Seeded {
  #a: number
  #b: number
  #c: number
  #count = 1

  /** Any text is a seed. */
  constructor(seed: string) {
    const digest = hash("sha256", seed, "buffer")
    this.#a = digest.readInt32LE(0)
    this.#b = digest.readInt32LE(4)
    this.#c = digest.readInt32LE(8)
  }

  /** 32 bits: Chris Doty-Humphrey's small fast counter (pracrand.sourceforge.net, RNG_engines.txt, sfc32). */
  bits(): number {
    const sum = (this.#a + this.#b + this.#count) | 0
    this.#count = (this.#count + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return sum >>> 0
  }

  /** At least 0 and less than 1. */
  fraction(): number {
    return this.bits() / 4_294_967_296
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1))
  }

  /** True once in `of` times. */
  once(of: number): boolean {
    return this.fraction() * of < 1
  }

  /** One of these. */
  one<A>(all: readonly [A, ...ReadonlyArray<A>]): A {
    return all[Math.floor(this.fraction() * all.length)] ?? all[0]
  }
}
