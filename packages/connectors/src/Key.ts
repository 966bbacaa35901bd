import { hash } from "node:crypto"

const alphabet = Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

/** RFC 4648 base32 without padding of bytes written as Latin-1, a character each. */
export const base32 = (bytes: string): string => {
  const text = Buffer.allocUnsafe(Math.ceil((bytes.length * 8) / 5))
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
  return text.toString("latin1")
}

const plain = /^[ -~]*$/
const byteLength = (text: string): number => (plain.test(text) ? text.length : Buffer.byteLength(text))

/** Each text with its length in UTF-8 bytes before it, so that no two lists run together alike. */
const canonical = (parts: ReadonlyArray<string>): string => {
  let all = ""
  for (const part of parts) all += `${byteLength(part)}:${part}`
  return all
}

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
  canonical(["v1", connector, environment, account, flow])

/** The parts of a key that each write has its own. */
export type KeyEnd = Pick<KeyParts, "paymentId" | "reference" | "attempt" | "returned">

/** The rest of them. */
const keyEnd = ({ attempt, paymentId = "", reference, returned }: KeyEnd): string => {
  const start = canonical([paymentId, reference, String(attempt)])
  if (returned === undefined) return `${start}0:`
  const pairs = Object.entries(returned).sort(([a], [b]) => (a < b ? -1 : 1))
  return start + canonical([canonical(pairs.flat())])
}
/** The idempotency key of a write of a flow; see idempotencyKey. */
export const keyFrom = (start: string, end: KeyEnd): string =>
  // to make a buffer takes four times as long as the digest itself
  base32(hash("sha256", start + keyEnd(end), "binary"))

/** The idempotency key of a write: the same for the same operation in every process and release; 52 characters. */
export const idempotencyKey = (parts: KeyParts): string => keyFrom(keyStart(parts), parts)
