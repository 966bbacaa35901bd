import type { Seeded } from "@connector-service/proof/Seeded"
import { isDeep, parse } from "./Signing.ts"
import { numbers, words } from "./Words.ts"

/** Makes something else of a text. */
export type TextChange = (chance: Seeded, text: string) => string

const longest = 1_000_000

const splice = (text: string, from: number, to: number, put: string): string =>
  text.slice(0, from) + put + text.slice(to)

const place = (chance: Seeded, text: string): number => chance.whole(0, text.length)

/** A stretch of a text, most often short. */
const stretch = (chance: Seeded, text: string): readonly [from: number, to: number] => {
  const from = place(chance, text)
  return [from, Math.min(text.length, from + chance.whole(1, chance.once(10) ? 500 : 8))]
}

/** One of the matches of a pattern; undefined where there is none. */
const matchOf = (chance: Seeded, text: string, pattern: RegExp): RegExpExecArray | undefined => {
  const all = [...text.matchAll(pattern)]
  return all[chance.whole(0, Math.max(0, all.length - 1))]
}

const replaceOne =
  (pattern: RegExp, put: (chance: Seeded, found: string) => string): TextChange =>
  (chance, text) => {
    const match = matchOf(chance, text, pattern)
    return match === undefined ? text : splice(text, match.index, match.index + match[0].length, put(chance, match[0]))
  }

const character = (chance: Seeded): string =>
  String.fromCharCode(chance.once(4) ? chance.whole(0, 0xffff) : chance.whole(0, 127))

const text = /"(?:[^"\\]|\\.)*"/g
const number = /(?<=[:[,]\s*)-?\d[\d.eE+-]*/g

const depths = [10, 1000, 100_000] as const

const nested = (chance: Seeded, inner: string): string => {
  const depth = chance.one(chance.once(20) ? depths : [10, 100])
  return chance.once(2)
    ? "[".repeat(depth) + inner + "]".repeat(depth)
    : `${'{"a":'.repeat(depth)}${inner}${"}".repeat(depth)}`
}

const textChanges: readonly [TextChange, ...ReadonlyArray<TextChange>] = [
  (chance, text) => {
    const at = place(chance, text)
    return splice(text, at, at + 1, character(chance))
  },
  (chance, text) => {
    const at = place(chance, text)
    return splice(text, at, at, character(chance).repeat(chance.once(50) ? 5000 : chance.whole(1, 3)))
  },
  (chance, text) => splice(text, ...stretch(chance, text), ""),
  (chance, text) => {
    const [from, to] = stretch(chance, text)
    return splice(text, to, to, text.slice(from, to).repeat(chance.once(200) ? 1000 : 1))
  },
  (chance, text) => text.slice(0, place(chance, text)),
  (chance, text) => text.slice(place(chance, text)),
  replaceOne(number, (chance) => chance.one(numbers)),
  replaceOne(text, (chance) => JSON.stringify(chance.one(words))),
  replaceOne(text, (chance, found) => `"${"\\u0000".repeat(chance.whole(0, 2))}${found.slice(1)}`),
  // the same text, spelt otherwise
  replaceOne(/[A-Za-z]/g, (_chance, found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`),
  replaceOne(/[,:{}[\]]/g, (chance, found) => chance.one([" ", "\n", "\t", "\r\n", "\u00a0", "\ufeff"]) + found),
  replaceOne(number, nested),
  replaceOne(text, nested),
  // a name twice: which of the two counts?
  replaceOne(/[{,]"\w+":/g, (chance, found) => `${found}${JSON.stringify(chance.one(words))},${found.slice(1)}`),
  (chance, text) =>
    chance.one(["", "null", "[]", "{}", "0", '""', `[${text}]`, `${text}${text}`, `${text}\n`, ` ${text}`])
]

type Tree = Record<string, unknown> | Array<unknown>

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null

/** Everything in a tree that holds something, the tree itself first; not what is nested too deep to walk. */
const treesIn = (tree: Tree, depth = 0): ReadonlyArray<Tree> =>
  depth > 30
    ? [tree]
    : [tree, ...Object.values(tree).flatMap((value) => (isTree(value) ? treesIn(value, depth + 1) : []))]

const oddValues: readonly [unknown, ...ReadonlyArray<unknown>] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e21,
  "",
  [],
  {},
  [[]],
  [null]
]

const odd = (chance: Seeded): unknown => (chance.once(2) ? chance.one(words) : chance.one(oddValues))

const treeChanges: readonly [
  (chance: Seeded, tree: Tree, name: string, all: ReadonlyArray<Tree>) => void,
  ...ReadonlyArray<(chance: Seeded, tree: Tree, name: string, all: ReadonlyArray<Tree>) => void>
] = [
  (chance, tree, name) => void Reflect.set(tree, name, odd(chance)),
  (_chance, tree, name) => void Reflect.deleteProperty(tree, name),
  (chance, tree, name, all) => void Reflect.set(tree, name, structuredClone(all[chance.whole(0, all.length - 1)])),
  (_chance, tree, name) => void Reflect.set(tree, name, [Reflect.get(tree, name)]),
  (_chance, tree, name) => void Reflect.set(tree, name, JSON.stringify(Reflect.get(tree, name))),
  (_chance, tree, name) => void Reflect.set(tree, name, Number(JSON.stringify(Reflect.get(tree, name)))),
  (chance, tree, name) => void Reflect.set(tree, chance.one(words), Reflect.get(tree, name)),
  (chance, tree) => {
    if (Array.isArray(tree)) for (let more = chance.whole(0, 100); more > 0; more -= 1) tree.push(tree[0])
  }
]

/** A change of the value that a JSON text holds, which stays JSON. */
const treeChange: TextChange = (chance, text) => {
  const value = isDeep(text) ? undefined : parse(text)
  if (!isTree(value)) return text
  const all = treesIn(value)
  const tree = all[chance.whole(0, all.length - 1)] ?? value
  const names = Object.keys(tree)
  chance.one(treeChanges)(chance, tree, names[chance.whole(0, Math.max(0, names.length - 1))] ?? "a", all)
  return JSON.stringify(value)
}

/** Changes a text in one way. */
export const changeText: TextChange = (chance, text) => {
  const changed =
    chance.once(2) && text.length < 20_000 ? treeChange(chance, text) : chance.one(textChanges)(chance, text)
  return changed.length > longest ? changed.slice(0, longest) : changed
}
