import { nextByte } from "./Surroundings.ts"

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

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

/** A random UUID (RFC 9562, version 4). */
export const randomUuid = (): string => {
  const bytes = Buffer.from(Array.from({ length: 16 }, nextByte))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
}

/** An id in the form Stripe gives, such as `pi_3…`. */
export const newId = (prefix: string): string => `${prefix}${randomText(23)}`
