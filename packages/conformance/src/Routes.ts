import { asArray, asObject, asString, below, deref, isObject, type JsonObject } from "./Json.ts"

/** One operation of a published file and the values its path template took; `pointer` is its place in the file. */
export type Operation = {
  readonly id: string | undefined
  readonly method: string
  readonly template: string
  readonly pathValues: Readonly<Record<string, string>>
  readonly pointer: string
}

/** A declared parameter: where it stands in the file, and what is needed to decode and check it. */
export type Parameter = {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly explode: boolean
  readonly schema: unknown
  readonly pointer: string
}

type Route = { readonly template: string; readonly names: ReadonlyArray<string>; readonly pattern: RegExp }

const methods = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"])

const routeOf = (template: string): Route => ({
  template,
  names: [...template.matchAll(/\{([^}]+)\}/g)].flatMap(([, name]) => (name === undefined ? [] : [name])),
  pattern: new RegExp(
    `^${template
      .split(/\{[^}]+\}/)
      .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("([^/]+)")}$`
  )
})

const pathOf = (url: string): string =>
  (url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").split(/[?#]/)[0] ?? "") || "/"

/** The part of a URL after `?`, empty when there is none. */
export const queryOf = (url: string): string => url.replace(/#.*$/, "").split(/\?(.*)/s)[1] ?? ""

/**
 * Finds operations by method and URL (absolute, or from the path on). A server's base path may be there or not; its
 * host is not compared. Literal segments win over templates.
 */
export const routes = (document: JsonObject) => {
  const known = Object.keys(asObject(document.paths))
    .map(routeOf)
    .toSorted((a, b) => a.names.length - b.names.length)
  const bases = asArray(document.servers)
    .map((server) => pathOf(asString(asObject(server).url) ?? "").replace(/\/$/, ""))
    .filter((base) => base !== "")

  const pathItem = (url: string): { route: Route; values: ReadonlyArray<string> } | undefined => {
    const path = pathOf(url)
    const shorter = bases.filter((base) => path.startsWith(`${base}/`)).map((base) => path.slice(base.length))
    for (const candidate of [path, ...shorter]) {
      for (const route of known) {
        const match = route.pattern.exec(candidate)
        if (match !== null) return { route, values: match.slice(1).map(decoded) }
      }
    }
    return undefined
  }

  /** Whether any method is published for the path. */
  const hasPath = (url: string): boolean => pathItem(url) !== undefined

  const operation = (method: string, url: string): Operation | undefined => {
    const found = pathItem(url)
    const verb = method.toLowerCase()
    if (found === undefined || !methods.has(verb)) return undefined
    const { template, names } = found.route
    const item = deref(document, asObject(document.paths)[template], below("#", "paths", template))
    const described = asObject(item.node)[verb]
    if (!isObject(described)) return undefined
    return {
      id: asString(described.operationId),
      method: verb.toUpperCase(),
      template,
      pathValues: Object.fromEntries(names.map((name, index) => [name, found.values[index] ?? ""])),
      pointer: below(item.pointer, verb)
    }
  }

  return { operation, hasPath }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The parameters of an operation, its own before its path's. */
export const parametersOf = (document: JsonObject, pointer: string, node: JsonObject, item: JsonObject) => {
  const own = asArray(node.parameters).map((parameter, index) =>
    deref(document, parameter, below(pointer, "parameters", index))
  )
  const path = pointer.slice(0, pointer.lastIndexOf("/"))
  const shared = asArray(item.parameters).map((parameter, index) =>
    deref(document, parameter, below(path, "parameters", index))
  )
  const all = new Map<string, Parameter>()
  for (const { node: raw, pointer: at } of [...shared, ...own]) {
    const parameter = asObject(raw)
    const name = asString(parameter.name) ?? ""
    const place = asString(parameter.in) ?? ""
    all.set(`${place}:${name}`, {
      name,
      in: place,
      required: parameter.required === true,
      explode: parameter.explode !== false,
      schema: parameter.schema ?? {},
      pointer: at
    })
  }
  return [...all.values()]
}
