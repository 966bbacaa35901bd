import type { Reply } from "./Processor.ts"

/** What the store says about a key that just arrived; `A` is what it keeps of a call, its reply unless said otherwise. */
export type KeyState<A = Reply> =
  | { readonly is: "fresh" }
  | { readonly is: "executing" }
  | { readonly is: "replay"; readonly reply: A }
  | { readonly is: "mismatch" }

interface Entry<A> {
  readonly fingerprint: string
  readonly expires: number
  reply: A | undefined
}

/** Replies by account and idempotency key, kept for `retentionMilliseconds` from the key's first use. */
export class IdempotencyStore<A = Reply> {
  readonly #retention: number
  readonly #entries = new Map<string, Entry<A>>()

  constructor(retentionMilliseconds: number) {
    this.#retention = retentionMilliseconds
  }

  /** Claims a fresh key for the call; `now` in milliseconds. A fresh key must then be finished or forgotten. */
  begin(account: string, key: string, fingerprint: string, now: number): KeyState<A> {
    this.#prune(now)
    const entry = this.#entries.get(`${account}\n${key}`)
    if (entry === undefined) {
      const claimed = { fingerprint, expires: now + this.#retention, reply: undefined }
      this.#entries.set(`${account}\n${key}`, claimed)
      return { is: "fresh" }
    }
    if (entry.fingerprint !== fingerprint) return { is: "mismatch" }
    return entry.reply === undefined ? { is: "executing" } : { is: "replay", reply: entry.reply }
  }

  /** Stores the reply that later calls with the key receive. */
  finish(account: string, key: string, reply: A): void {
    const entry = this.#entries.get(`${account}\n${key}`)
    if (entry !== undefined) entry.reply = reply
  }

  /** Frees a key whose call never began to execute. */
  forget(account: string, key: string): void {
    this.#entries.delete(`${account}\n${key}`)
  }

  reset(): void {
    this.#entries.clear()
  }

  // A Map iterates in order of insertion and every entry lives equally long, so the expired ones come first.
  #prune(now: number): void {
    for (const [name, entry] of this.#entries) {
      if (entry.expires > now) return
      this.#entries.delete(name)
    }
  }
}
