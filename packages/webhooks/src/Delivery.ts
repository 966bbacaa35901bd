/** A webhook as it arrived. Signatures are over these exact bytes. */
export interface Delivery {
  readonly method: string
  /** Path and query, as sent. */
  readonly url: string
  /** Header fields in the order they came; a name may come several times. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: Uint8Array
}

/** Every value of a header, whatever the case of its name (RFC 9110 section 5.1). */
export const header = ({ headers }: Delivery, name: string): ReadonlyArray<string> => {
  const wanted = name.toLowerCase()
  return headers.flatMap(([given, value]) => (given.toLowerCase() === wanted ? [value] : []))
}
