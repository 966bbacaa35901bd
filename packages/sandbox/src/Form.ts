/** A decoded form: bracketed names become nested trees, lists become trees with the keys 0, 1, 2 … */
export interface FormTree {
  [key: string]: string | FormTree
}

const emptyTree = (): FormTree => {
  // Without a prototype, a field named "__proto__" is a field like any other.
  const tree: FormTree = Object.create(null)
  return tree
}

// Deeper names are cut off, so that no request can make a tree too deep to walk.
const deepest = 16

const segments = (name: string): ReadonlyArray<string> => {
  const open = name.indexOf("[")
  if (open <= 0) return [name]
  const inner = name.slice(open + 1, name.endsWith("]") ? -1 : undefined)
  return [name.slice(0, open), ...inner.split("][", deepest)]
}

/** Decodes `application/x-www-form-urlencoded` text with PHP-style brackets; the last of equal names wins. */
export const decodeForm = (text: string): FormTree => {
  const root = emptyTree()
  if (text === "") return root
  for (const [name, value] of new URLSearchParams(text)) {
    const path = segments(name)
    let tree = root
    for (const [position, segment] of path.entries()) {
      const key = segment === "" ? String(Object.keys(tree).length) : segment
      if (position === path.length - 1) {
        tree[key] = value
        break
      }
      const next = tree[key]
      if (typeof next === "object") {
        tree = next
      } else {
        const made = emptyTree()
        tree[key] = made
        tree = made
      }
    }
  }
  return root
}
