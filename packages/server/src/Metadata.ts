/** The keys that hold text. */
export type TextKey = "x-connector" | "x-environment" | "x-account" | "x-request-id" | "x-timeout-ms" | "traceparent"

/** The keys that hold bytes. */
export type BytesKey = "x-credentials-bin" | "x-webhook-secrets-bin"

/** What a call says beside its request, by gRPC's names: a key given twice is one value with a comma and a space in it. */
export interface Metadata {
  readonly get: (key: TextKey) => string | undefined
  /** Every value of a key that holds bytes. */
  readonly getAll: (key: BytesKey) => ReadonlyArray<Uint8Array>
}

/** What a call gets back beside its answer. */
export interface Header {
  readonly set: (key: string, value: string) => unknown
}

/** Metadata of header fields, whose bytes are base64; what is given in several places is given several times. */
export const metadataOf = (fields: Iterable<readonly [name: string, value: string]>): Metadata => {
  const values = new Map<string, string>()
  for (const [name, value] of fields) {
    const key = name.toLowerCase()
    const before = values.get(key)
    values.set(key, before === undefined ? value : `${before}, ${value}`)
  }
  return {
    get: (key) => values.get(key),
    getAll: (key) =>
      values
        .get(key)
        ?.split(",")
        .map((value) => Buffer.from(value, "base64")) ?? []
  }
}
