import { hash } from "node:crypto"

const alphabet = Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

/** Where a text is written: to make room for each costs more than to write it. */
const room = Buffer.alloc(64)

/** RFC 4648 base32 without padding of bytes written as Latin-1, a character each. */
export const base32 = (bytes: string): string => {
  const needed = Math.ceil((bytes.length * 8) / 5)
  const text = needed <= room.length ? room : Buffer.alloc(needed)
  let bits = 0
  let value = 0
  let length = 0
  for (let index = 0; index < bytes.length; index++) {
    value = (value << 8) | bytes.charCodeAt(index)
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text[length++] = alphabet[(value >>> bits) & 31] ?? 0
    }
    value &= (1 << bits) - 1
  }
  if (bits > 0) text[length] = alphabet[(value << (5 - bits)) & 31] ?? 0
  return text.toString("latin1", 0, needed)
}

/** In UTF-8. Most texts are ASCII, and that is found out sooner by hand. */
const byteLength = (text: string): number => {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return Buffer.byteLength(text)
  return text.length
}

/** A text with its length in UTF-8 bytes before it, so that no two lists of them run together alike. */
const sized = (text: string): string => `${byteLength(text)}:${text}`

/** What an idempotency key is made of: no secret, amount, card or time. */
export interface KeyParts {
  readonly connector: string
  readonly environment: string
  /** The connector's non-secret account identity; empty where it has none. */
  readonly account: string
  readonly flow: string
  readonly paymentId: string | undefined
  readonly reference: string
  readonly attempt: number
  /** What the payer brought back, for Complete. */
  readonly returned: Readonly<Record<string, string>> | undefined
}

/** The beginning of the bytes that a key is made of, the same for all writes of a flow. */
export const keyStart = ({
  account,
  connector,
  environment,
  flow
}: Pick<KeyParts, "connector" | "environment" | "account" | "flow">): string =>
  ["v1", connector, environment, account, flow].map(sized).join("")

/** The parts of a key that each write has its own. */
export type KeyEnd = Pick<KeyParts, "paymentId" | "reference" | "attempt" | "returned">

const textOf = (returned: NonNullable<KeyEnd["returned"]>): string =>
  Object.entries(returned)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flat()
    .map(sized)
    .join("")

/** The rest of them. */
const keyEnd = ({ attempt, paymentId = "", reference, returned }: KeyEnd): string =>
  sized(paymentId) + sized(reference) + sized(String(attempt)) + sized(returned === undefined ? "" : textOf(returned))

/** The idempotency key of a write of a flow; see idempotencyKey. */
export const keyFrom = (start: string, end: KeyEnd): string =>
  // to make a buffer takes four times as long as the digest itself
  base32(hash("sha256", start + keyEnd(end), "binary"))

/** The idempotency key of a write: the same for the same operation in every process and release; 52 characters. */
export const idempotencyKey = (parts: KeyParts): string => keyFrom(keyStart(parts), parts)
