import { randomFillSync } from "node:crypto"

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Drawn in bulk: asking the operating system for each id costs more than the rest of a small request.
const pool = Buffer.alloc(16_384)
let used = pool.length

const nextByte = (): number => {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const byte = pool[used] ?? 0
  used += 1
  return byte
}

/** Random letters and digits. */
export const randomText = (length: number): string => {
  let text = ""
  for (let place = 0; place < length; place += 1) text += alphabet[nextByte() % alphabet.length]
  return text
}

/** Random digits. */
export const randomDigits = (length: number): string => {
  let text = ""
  for (let place = 0; place < length; place += 1) text += String(nextByte() % 10)
  return text
}

/** An id in the form Stripe gives, such as `pi_3…`. */
export const newId = (prefix: string): string => `${prefix}${randomText(23)}`
