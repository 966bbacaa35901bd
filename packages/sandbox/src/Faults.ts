type Parameter = "milliseconds" | "bytes" | "by" | "retry_after"

interface Rule {
  readonly needs: ReadonlyArray<Parameter>
  readonly takes: ReadonlyArray<Parameter>
}

const rules = {
  refuse: { needs: ["milliseconds"], takes: [] },
  reset_before: { needs: [], takes: [] },
  reset_after: { needs: [], takes: [] },
  hang_before: { needs: [], takes: [] },
  hang_after: { needs: [], takes: [] },
  cut: { needs: ["bytes"], takes: [] },
  "429": { needs: [], takes: ["retry_after"] },
  "500_before": { needs: [], takes: [] },
  "500_after": { needs: [], takes: [] },
  "502_before": { needs: [], takes: [] },
  "502_after": { needs: [], takes: [] },
  "503_before": { needs: [], takes: [] },
  "503_after": { needs: [], takes: [] },
  html: { needs: [], takes: [] },
  wrong_amount: { needs: ["by"], takes: [] },
  slow: { needs: ["bytes", "milliseconds"], takes: [] },
  delay: { needs: ["milliseconds"], takes: [] },
  delivery_twice: { needs: [], takes: [] },
  delivery_late: { needs: ["milliseconds"], takes: [] },
  delivery_swapped: { needs: [], takes: [] }
} as const satisfies Record<string, Rule>

/** The ways in which the sandbox can misbehave. */
export type FaultKind = keyof typeof rules

/** The ways in which a webhook can arrive otherwise than it should; the others are ways to answer a request. */
export type DeliveryFault = Extract<FaultKind, `delivery_${string}`>
/** Whether a fault is one of a delivery. */
export const isOfDelivery = (kind: FaultKind): kind is DeliveryFault => kind.startsWith("delivery_")

/**
 * A fault for the next `count` requests that match. `path` is a prefix of the path (with the processor's own prefix),
 * or a regular expression when it has any of `^ $ * + ? ( ) [ ] { } | \`. `refuse` acts at once and needs no path or count.
 * That of a delivery is for the next events, whose path is `/<processor>/<type>`.
 */
export interface Fault {
  readonly kind: FaultKind
  readonly path?: string
  readonly method?: string
  readonly count?: number
  /** How long to refuse connections, to process, or to hold a delivery; the pause between pieces of a slow reply. */
  readonly milliseconds?: number
  /** How much of the body to send before the cut; the size of a piece of a slow reply. */
  readonly bytes?: number
  /** Minor units added to the amount asked for; may be negative. */
  readonly by?: number
  /** Seconds, for the Retry-After header. */
  readonly retry_after?: number
}

const isKind = (value: unknown): value is FaultKind => typeof value === "string" && Object.hasOwn(rules, value)

const metacharacters = /[\^$*+?()[\]{}|\\]/

const compile = (path: string): RegExp | undefined => {
  // The constructor has no form that reports a bad pattern other than throwing.
  try {
    return new RegExp(path)
  } catch {
    return undefined
  }
}

const names: ReadonlyArray<Parameter> = ["milliseconds", "bytes", "by", "retry_after"]

const lowest: Record<Parameter, number> = { milliseconds: 1, bytes: 0, by: Number.MIN_SAFE_INTEGER, retry_after: 0 }

/** Whether a path can be of a request to a processor; of an expression only the first segment is looked at, where it is fixed. */
const reaches = (path: string, prefixes: ReadonlyArray<string>): boolean => {
  if (!metacharacters.test(path)) {
    return prefixes.some((prefix) => `${prefix}/`.startsWith(path) || path.startsWith(`${prefix}/`))
  }
  const first = path.includes("|") ? undefined : /^\^(\/[\w-]+)\//.exec(path)?.[1]
  return first === undefined || prefixes.includes(first)
}

/** Reads one fault from JSON; answers a sentence saying what is wrong when it cannot. `prefixes` are the processors' own. */
export const readFault = (input: unknown, prefixes: ReadonlyArray<string>): Fault | string => {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return "A fault must be a JSON object."
  const fields = new Map<string, unknown>(Object.entries(input))
  const kind = fields.get("kind")
  if (!isKind(kind)) return `A fault needs a "kind", one of: ${Object.keys(rules).join(", ")}.`
  const rule: Rule = rules[kind]
  for (const name of fields.keys()) {
    const known = ["kind", "path", "method", "count", ...rule.needs, ...rule.takes]
    if (!known.includes(name)) return `A fault of kind "${kind}" takes no "${name}".`
  }
  for (const name of names) {
    const value = fields.get(name)
    if (value === undefined && !rule.needs.includes(name)) continue
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < lowest[name]) {
      return `A fault of kind "${kind}" needs "${name}" as a whole number${name === "by" ? "" : ` of at least ${lowest[name]}`}.`
    }
  }
  if (kind === "slow" && fields.get("bytes") === 0) return `A fault of kind "slow" needs at least 1 in "bytes".`
  const { path, method, count } = Object.fromEntries(fields)
  if (method !== undefined && (typeof method !== "string" || method === "")) return `"method" must be an HTTP method.`
  if (kind !== "refuse" || path !== undefined) {
    if (typeof path !== "string" || path === "") return `A fault needs a "path": a prefix or a regular expression.`
    if (metacharacters.test(path) && compile(path) === undefined) return `"path" is not a valid regular expression.`
    if (!reaches(path, prefixes)) {
      return `No request has this "path"; every one begins with a processor's prefix: ${prefixes.join(", ")}.`
    }
  }
  if (kind !== "refuse" || count !== undefined) {
    if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 1) {
      return `A fault needs a "count": how many requests it is for, at least 1.`
    }
  }
  // Every field has been checked above, against the same names as the type's.
  return Object.fromEntries(fields) as unknown as Fault
}

interface Planned {
  readonly fault: Fault
  readonly matches: (path: string) => boolean
  left: number
}

/** The faults waiting for their requests, the oldest first. */
export class FaultPlan {
  #planned: Array<Planned> = []

  /** Appends a fault that `readFault` accepted. */
  add(fault: Fault): void {
    const path = fault.path ?? "/"
    const pattern = metacharacters.test(path) ? compile(path) : undefined
    const matches =
      pattern === undefined ? (text: string) => text.startsWith(path) : (text: string) => pattern.test(text)
    this.#planned.push({ fault, matches, left: fault.count ?? 1 })
  }

  /** The fault for this request, if one matches; it is used up by asking. */
  take(method: string, path: string): Fault | undefined {
    for (const [position, planned] of this.#planned.entries()) {
      const wanted = planned.fault.method?.toUpperCase()
      if ((wanted !== undefined && wanted !== method) || !planned.matches(path)) continue
      planned.left -= 1
      if (planned.left === 0) this.#planned.splice(position, 1)
      return planned.fault
    }
    return undefined
  }

  /** What is still waiting, each with the count that is left. */
  list(): ReadonlyArray<Fault> {
    return this.#planned.map(({ fault, left }) => ({ ...fault, count: left }))
  }

  clear(): void {
    this.#planned = []
  }
}
