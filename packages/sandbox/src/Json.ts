/** A JSON value. */
export type Json = string | number | boolean | null | ReadonlyArray<Json> | Tree

/** A JSON object. */
export interface Tree {
  readonly [name: string]: Json
}

/** The value that a text holds; undefined when the text is not JSON. */
export const parseJson = (text: string): Json | undefined => {
  // JSON.parse has no form that reports bad text other than throwing.
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a value is an object. */
export const isTree = (value: Json | undefined): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const none: Tree = {}

/** The text under a name; undefined when absent or of another kind. */
export const textOf = (tree: Tree, name: string): string | undefined => {
  const value = tree[name]
  return typeof value === "string" ? value : undefined
}

/** The object under a name; empty when absent or of another kind. */
export const treeOf = (tree: Tree, name: string): Tree => {
  const value = tree[name]
  return isTree(value) ? value : none
}

/** The objects of the list under a name; empty when absent or of another kind. */
export const treesOf = (tree: Tree, name: string): ReadonlyArray<Tree> => {
  const value = tree[name]
  return Array.isArray(value) ? value.filter(isTree) : []
}
