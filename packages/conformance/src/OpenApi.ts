import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import { AT, dialect, type Mode, schemaAddress } from "./Dialect.ts"
import { corrected } from "./Errata.ts"
import { decodeForm, oddNumbers } from "./Form.ts"
import { asObject, below, deref, isObject, type JsonObject, lookUp } from "./Json.ts"
import { type Problem, problemsOf } from "./Problems.ts"
import { type Operation, type Parameter, parametersOf, queryOf, routes } from "./Routes.ts"

export type { Problem } from "./Problems.ts"
export type { Operation } from "./Routes.ts"

/** A request as sent. `url` is absolute or from the path on, with its query; the host is not checked. */
export type HttpRequest = {
  readonly method: string
  readonly url: string
  readonly contentType?: string | undefined
  readonly body?: string | Uint8Array | undefined
}

/** A reply as received; `path` is that of the request. A `body` that is neither text nor bytes is taken as parsed JSON. */
export type HttpReply = {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly body?: unknown
}

/** What one published file says of HTTP messages. An empty list of problems means that the message agrees with it. */
export type OpenApi = {
  /** The published file's path. */
  readonly file: string
  /** The operation for a method and path, or undefined when none is published. */
  readonly operation: (method: string, path: string) => Operation | undefined
  /** Path, parameters and body against the operation; unknown parameters and properties are problems. */
  readonly checkRequest: (request: HttpRequest) => ReadonlyArray<Problem>
  /** Body against the schema published for the status; unknown properties are problems only when `strict`. */
  readonly checkReply: (reply: HttpReply, options?: { readonly strict?: boolean }) => ReadonlyArray<Problem>
  /** A value against the schema at a JSON pointer of the file (`#/components/schemas/refund`), as a reply's. */
  readonly checkSchema: (
    pointer: string,
    value: unknown,
    options?: { readonly strict?: boolean }
  ) => ReadonlyArray<Problem>
}

const problem = (where: string, schemaPath: string, message: string): Problem => ({ where, schemaPath, message })

const textOf = (body: string | Uint8Array | undefined): string =>
  typeof body === "string" ? body : new TextDecoder().decode(body)

const parsed = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const mediaType = (header: string): string => (header.split(";")[0] ?? "").trim().toLowerCase()

const isJson = (type: string): boolean => type === "application/json" || type.endsWith("+json")

const isForm = (type: string): boolean => type === "application/x-www-form-urlencoded"

/** Compiles what is asked for, once; every schema keeps its published place. */
const compiler = (document: JsonObject, mode: Mode, coerceTypes: boolean) => {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    validateFormats: false,
    validateSchema: false,
    unicodeRegExp: false,
    addUsedSchema: false,
    logger: false,
    coerceTypes
  })
  const queue: Array<string> = []
  const known = new Set<string>()
  const convert = dialect(document, mode, (pointer) => {
    if (!known.has(pointer)) queue.push(pointer)
    known.add(pointer)
  })
  const compiled = new Map<string, ValidateFunction>()
  const compile = (key: string, make: () => unknown): ValidateFunction => {
    const ready = compiled.get(key)
    if (ready !== undefined) return ready
    const schema = asObject(make())
    for (let pointer = queue.pop(); pointer !== undefined; pointer = queue.pop()) {
      const target = lookUp(document, pointer)
      if (target === undefined) throw new Error(`Dangling $ref in the published file: ${pointer}`)
      ajv.addSchema(asObject(convert(target, pointer, false)), schemaAddress(pointer))
    }
    const validate = ajv.compile(schema)
    compiled.set(key, validate)
    return validate
  }
  return { convert, compile }
}

const build = (file: string): OpenApi => {
  const document = corrected(file)
  const { operation, hasPath } = routes(document)
  const compilers = new Map<string, ReturnType<typeof compiler>>()
  const compilerFor = (mode: Mode, coerce: boolean) => {
    const key = `${mode} ${coerce}`
    const made = compilers.get(key) ?? compiler(document, mode, coerce)
    compilers.set(key, made)
    return made
  }

  const checkValue = (mode: Mode, pointer: string, value: unknown, root: string, coerce = false) => {
    const { convert, compile } = compilerFor(mode, coerce)
    const validate = compile(pointer, () => convert(lookUp(document, pointer), pointer))
    return validate(value) ? [] : problemsOf(root, validate.errors ?? [])
  }

  const checkForm = (pointer: string, text: string): ReadonlyArray<Problem> => {
    const sent = decodeForm(text)
    const read = decodeForm(text)
    const found = checkValue("request", pointer, read, "body", true)
    const odd = oddNumbers(sent, read).map((at) => problem(`body${at}`, pointer, "must be written in decimal digits"))
    return [...found, ...odd]
  }

  const checkParameters = (place: "path" | "query", values: JsonObject, all: ReadonlyArray<Parameter>, at: string) => {
    const declared = all.filter((parameter) => parameter.in === place)
    const { convert, compile } = compilerFor("request", true)
    const validate = compile(`${at} ${place}`, () => ({
      [AT]: below(at, "parameters"),
      type: "object",
      properties: Object.fromEntries(
        declared.map(({ name, schema, pointer }) => [name, convert(schema, below(pointer, "schema"))])
      ),
      required: declared.filter((parameter) => parameter.required).map((parameter) => parameter.name),
      additionalProperties: false
    }))
    return validate(values) ? [] : problemsOf(place, validate.errors ?? [])
  }

  const queryValues = (url: string, all: ReadonlyArray<Parameter>): JsonObject => {
    const values = decodeForm(queryOf(url))
    for (const { name, in: place, schema, explode } of all) {
      const value = values[name]
      const isList = asObject(deref(document, schema, "#").node).type === "array"
      if (place === "query" && isList && typeof value === "string") values[name] = explode ? [value] : value.split(",")
    }
    return values
  }

  const checkBody = (described: unknown, at: string, request: HttpRequest): ReadonlyArray<Problem> => {
    const { node, pointer } = deref(document, described, below(at, "requestBody"))
    const text = textOf(request.body ?? "")
    if (!isObject(node)) return text === "" ? [] : [problem("body", at, "no body is published for this operation")]
    if (text === "") return node.required === true ? [problem("body", pointer, "required, and missing")] : []
    const content = asObject(node.content)
    const sent = mediaType(request.contentType ?? "")
    const key = Object.keys(content).find((type) => mediaType(type) === sent)
    if (key === undefined) {
      return [problem("contentType", below(pointer, "content"), `must be one of ${Object.keys(content).join(", ")}`)]
    }
    const schema = below(pointer, "content", key, "schema")
    if (lookUp(document, schema) === undefined) return []
    if (isForm(sent)) return checkForm(schema, text)
    if (!isJson(sent)) return [problem("contentType", schema, `${sent} bodies cannot be checked`)]
    const json = parsed(text)
    if (json === undefined) return [problem("body", schema, "not JSON")]
    return checkValue("request", schema, json.value, "body")
  }

  const checkRequest = (request: HttpRequest): ReadonlyArray<Problem> => {
    const found = operation(request.method, request.url)
    if (found === undefined) return [unpublished(request.method, request.url)]
    const node = asObject(lookUp(document, found.pointer))
    const item = asObject(lookUp(document, found.pointer.slice(0, found.pointer.lastIndexOf("/"))))
    const all = parametersOf(document, found.pointer, node, item)
    return [
      ...checkParameters("path", { ...found.pathValues }, all, found.pointer),
      ...checkParameters("query", queryValues(request.url, all), all, found.pointer),
      ...checkBody(node.requestBody, found.pointer, request)
    ]
  }

  const unpublished = (method: string, url: string): Problem =>
    hasPath(url)
      ? problem("method", "#/paths", `${method.toUpperCase()} is not published for this path`)
      : problem("path", "#/paths", "no such path is published")

  const checkReply: OpenApi["checkReply"] = (reply, options) => {
    const found = operation(reply.method, reply.path)
    if (found === undefined) return [unpublished(reply.method, reply.path)]
    const at = below(found.pointer, "responses")
    const responses = asObject(lookUp(document, at))
    const candidates = [String(reply.status), `${String(reply.status)[0]}XX`, `${String(reply.status)[0]}xx`, "default"]
    const status = candidates.find((candidate) => responses[candidate] !== undefined)
    if (status === undefined) return [problem("status", at, `${reply.status} is not published`)]
    const response = deref(document, responses[status], below(at, status))
    const content = asObject(asObject(response.node).content)
    const type = Object.keys(content).find((key) => isJson(mediaType(key)) || mediaType(key) === "*/*")
    const schema = type === undefined ? undefined : below(response.pointer, "content", type, "schema")
    const raw = reply.body instanceof Uint8Array ? textOf(reply.body) : reply.body
    if (schema === undefined || lookUp(document, schema) === undefined) {
      const unexpected = options?.strict === true && raw !== undefined && raw !== ""
      return unexpected ? [problem("body", response.pointer, "no JSON body is published for this status")] : []
    }
    const json = typeof raw === "string" ? parsed(raw) : { value: raw }
    if (json === undefined || json.value === undefined) return [problem("body", schema, "not JSON")]
    return checkValue(options?.strict === true ? "exact" : "reply", schema, json.value, "body")
  }

  const checkSchema: OpenApi["checkSchema"] = (pointer, value, options) => {
    if (lookUp(document, pointer) === undefined) return [problem("body", pointer, "no such schema is published")]
    return checkValue(options?.strict === true ? "exact" : "reply", pointer, value, "body")
  }

  return { file, operation, checkRequest, checkReply, checkSchema }
}

const built = new Map<string, OpenApi>()

/** The checker of a published file, errata applied; one a process. Throws when the file is absent or an erratum matches nothing. */
export const openApi = (file: string): OpenApi => {
  const known = built.get(file) ?? build(file)
  built.set(file, known)
  return known
}

/** Stripe's published file for API version 2023-08-16. */
export const stripeSpec = "stripe/spec3-2023-09-12.json"

/** The checker of Stripe's API. */
export const stripeApi = (): OpenApi => openApi(stripeSpec)

/** The checker of Adyen's Checkout API; its paths begin below the version (`/payments`). */
export const adyenApi = (): OpenApi => openApi("adyen/CheckoutService-v72.json")

/** The checker of the PayPal API that publishes a path: Orders v2, Payments v2 or Payment Method Tokens v3. */
export const paypalApi = (): Pick<OpenApi, "operation" | "checkRequest" | "checkReply"> => {
  const orders = openApi("paypal/checkout_orders_v2.json")
  const payments = openApi("paypal/payments_payment_v2.json")
  const vault = openApi("paypal/vault_payment_tokens_v3.json")
  const of = (url: string) => (url.includes("/v3/vault/") ? vault : url.includes("/v2/payments/") ? payments : orders)
  return {
    operation: (method, path) => of(path).operation(method, path),
    checkRequest: (request) => of(request.url).checkRequest(request),
    checkReply: (reply, options) => of(reply.path).checkReply(reply, options)
  }
}
