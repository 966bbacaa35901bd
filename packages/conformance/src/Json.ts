/** A JSON object as parsed; values are narrowed where they are read. */
export type JsonObject = { [key: string]: unknown }

/** Whether a parsed value is an object and not an array or null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The value when it is an object, else an empty one. */
export const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {})

/** The value when it is an array, else an empty one. */
export const asArray = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

/** The value when it is a string, else undefined. */
export const asString = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

/** A JSON pointer (RFC 6901) in fragment form, `#/a/b`, one level below another. */
export const below = (pointer: string, ...tokens: ReadonlyArray<string | number>): string =>
  [pointer, ...tokens.map((token) => String(token).replaceAll("~", "~0").replaceAll("/", "~1"))].join("/")

/** The unescaped tokens of a pointer in fragment form; `#` has none. */
export const tokensOf = (pointer: string): ReadonlyArray<string> =>
  pointer
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"))

/** What a pointer names in a document, or undefined when it names nothing. */
export const lookUp = (document: unknown, pointer: string): unknown =>
  tokensOf(pointer).reduce<unknown>((node, token) => {
    if (Array.isArray(node)) return node[Number(token)]
    return isObject(node) && Object.hasOwn(node, token) ? node[token] : undefined
  }, document)

/** The pointer that a `$ref` inside its own document names, percent-encoding undone; undefined when it is another document's. */
export const refPointer = (ref: string): string | undefined =>
  ref.startsWith("#") ? (ref.includes("%") ? decodeURIComponent(ref) : ref) : undefined

/** Follows `$ref` to what it names, giving the place as well; a chain longer than 32 counts as dangling. */
export const deref = (document: unknown, node: unknown, pointer: string): { node: unknown; pointer: string } => {
  let here = { node, pointer }
  for (let hops = 0; hops < 32; hops++) {
    const ref = isObject(here.node) ? asString(here.node.$ref) : undefined
    const target = ref === undefined ? undefined : refPointer(ref)
    if (target === undefined) return here
    here = { node: lookUp(document, target), pointer: target }
  }
  return { node: undefined, pointer }
}
