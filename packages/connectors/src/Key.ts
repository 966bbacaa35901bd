import { hash } from "node:crypto"

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

/** RFC 4648 base32 without padding. */
export const base32 = (bytes: Uint8Array): string => {
  let text = ""
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      text += alphabet[(value >>> (bits - 5)) & 31]
      bits -= 5
    }
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text
}

/** Each text with its length in UTF-8 bytes before it, so that no two lists run together alike. */
const canonical = (parts: ReadonlyArray<string>): string =>
  parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join("")

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

/** The idempotency key of a write: the same for the same operation in every process and release; 52 characters. */
export const idempotencyKey = (parts: KeyParts): string =>
  base32(
    hash(
      "sha256",
      canonical([
        "v1",
        parts.connector,
        parts.environment,
        parts.account,
        parts.flow,
        parts.paymentId ?? "",
        parts.reference,
        String(parts.attempt),
        parts.returned === undefined
          ? ""
          : canonical(
              Object.entries(parts.returned)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .flat()
            )
      ]),
      "buffer"
    )
  )
