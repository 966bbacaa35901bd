import { existsSync, readFileSync } from "node:fs"
import type { Profiler } from "node:inspector"
import { SourceMap } from "node:module"
import { fileURLToPath } from "node:url"

/** Where a function was written: a file, line and column, the latter two from 0 as profiles have them. */
export interface Place {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
  readonly columnNumber: number
}

/** Finds the source file of a bundled function. */
export type Resolve = (place: Place) => string

const engine: ReadonlyMap<string, string> = new Map([
  ["(garbage collector)", "garbage collection"],
  ["(idle)", "idle"],
  ["(program)", "native code"]
])

/** The package that a source file belongs to: npm's name, or `ours: ` with the workspace's. */
export const packageOf = (file: string): string => {
  if (file.startsWith("node:")) return "node core"
  const installed = file.lastIndexOf("node_modules/")
  if (installed >= 0) {
    const [scope = "", name = ""] = file.slice(installed + "node_modules/".length).split("/")
    return scope.startsWith("@") ? `${scope}/${name}` : scope
  }
  const own = /\/(?:packages\/([^/]+)|(proto))\/(?:src|gen|dist)\//.exec(file)
  return own === null ? (file.startsWith("wasm:") ? "undici" : file) : `ours: ${own[1] ?? own[2]}`
}

/** The package whose code a function is. */
export const ownerOf = (place: Place, resolve: Resolve): string =>
  engine.get(place.functionName) ?? (place.url === "" ? "engine built-ins" : packageOf(resolve(place)))

const mapOf = (url: string): SourceMap | undefined => {
  const file = url.startsWith("file:") ? `${fileURLToPath(url)}.map` : ""
  return file !== "" && existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, "utf8"))) : undefined
}

/** Resolves through the source maps that lie beside bundles and compiled files. */
export const bySourceMaps = (): Resolve => {
  const maps = new Map<string, SourceMap | undefined>()
  return ({ columnNumber, lineNumber, url }) => {
    if (!maps.has(url)) maps.set(url, mapOf(url))
    const entry = maps.get(url)?.findEntry(lineNumber, columnNumber)
    return entry !== undefined && "originalSource" in entry ? new URL(entry.originalSource, url).pathname : url
  }
}

/** Microseconds of self time by what `nameOf` calls a function, idle time left out. */
export const selfTimes = (
  { nodes, samples = [], timeDeltas = [] }: Profiler.Profile,
  nameOf: (place: Place) => string
): ReadonlyMap<string, number> => {
  const names = new Map(nodes.map(({ callFrame, id }) => [id, nameOf(callFrame)]))
  const times = new Map<string, number>()
  // a delta is the time before its sample, which the sample before it has used
  samples.forEach((id, index) => {
    const name = names.get(id) ?? "unknown"
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index + 1] ?? 0))
  })
  times.delete("idle")
  return times
}
