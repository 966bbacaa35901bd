import { fileURLToPath } from "node:url"
import { type BuildOptions, build } from "esbuild"
import { expect, test } from "vitest"

const resolveDir = fileURLToPath(new URL(".", import.meta.url))
const bundling = {
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  platform: "node",
  format: "esm",
  target: "node22",
  conditions: ["@connector-service/source"]
} as const satisfies BuildOptions

/** A minified bundle of some lines of a program, as its files by what they contribute. */
const bundle = async (contents: string) => {
  const { metafile, outputFiles } = await build({ ...bundling, stdin: { contents, resolveDir, loader: "ts" } })
  const [output] = Object.values(metafile.outputs)
  const files = Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [file] : []
  )
  return { files, bytes: outputFiles[0]?.contents.length ?? Number.NaN }
}

/**
 * What importing a module loads before the program goes on: its file of a bundle in parts, and the files that one imports.
 * What it imports only later is a part of its own.
 */
const loadedBy = async (specifier: string) => {
  const { metafile } = await build({
    ...bundling,
    stdin: { contents: `export * from "${specifier}"`, resolveDir, loader: "ts" },
    splitting: true,
    outdir: "out"
  })
  const { outputs } = metafile
  const loaded = new Set<string>()
  const visit = (path: string): void => {
    if (loaded.has(path)) return
    loaded.add(path)
    for (const { kind, path: next } of outputs[path]?.imports ?? []) if (kind === "import-statement") visit(next)
  }
  visit(Object.keys(outputs).find((path) => outputs[path]?.entryPoint !== undefined && path.endsWith("stdin.js")) ?? "")
  return [...loaded].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}))
}

const megabyte = 1_000_000
/** The folders of connectors: those in packages/connectors/src. */
const connectorsIn = (files: ReadonlyArray<string>) =>
  new Set(files.flatMap((file) => /connectors\/src\/([^/]+)\//.exec(file)?.[1] ?? []))
/** What undici's root loads beside what a client of HTTP/1.1 needs. */
const undiciRootIn = (files: ReadonlyArray<string>) => files.filter((file) => file.endsWith("undici/index.js"))
const grpcIn = (files: ReadonlyArray<string>) => files.filter((file) => /@grpc|\/proto\/gen\//.test(file))

test("one connector in process comes alone, without gRPC", async () => {
  const { bytes, files } = await bundle(`
    import { stripe } from "@connector-service/connectors/stripe"
    import { inProcess } from "@connector-service/sdk/InProcess"
    console.log(inProcess({ connectors: [stripe] }))`)
  expect(connectorsIn(files)).toEqual(new Set(["stripe"]))
  expect(files.filter((file) => file.endsWith("connectors/src/catalog.ts"))).toEqual([])
  expect(grpcIn(files)).toEqual([])
  expect(bytes).toBeLessThan(8 * megabyte)
})

test("all connectors in process are at most 8 MB", async () => {
  const { bytes, files } = await bundle(`
    import { adyen } from "@connector-service/connectors/adyen"
    import { paypal } from "@connector-service/connectors/paypal"
    import { stripe } from "@connector-service/connectors/stripe"
    import { inProcess } from "@connector-service/sdk/InProcess"
    console.log(inProcess({ connectors: [adyen, paypal, stripe] }))`)
  expect(connectorsIn(files)).toEqual(new Set(["adyen", "paypal", "stripe"]))
  expect(undiciRootIn(files)).toEqual([])
  expect(bytes).toBeLessThan(8 * megabyte)
})

test("the client over gRPC comes without connectors, and is at most 5 MB", async () => {
  const { bytes, files } = await bundle(`
    import { connect } from "@connector-service/sdk/Client"
    console.log(connect("127.0.0.1:1"))`)
  expect(files.filter((file) => file.includes("packages/connectors/"))).toEqual([])
  expect(files.filter((file) => file.includes("undici"))).toEqual([])
  expect(bytes).toBeLessThan(5 * megabyte)
})

test("the client over Effect RPC comes without connectors and gRPC, and is at most 5 MB", async () => {
  const { bytes, files } = await bundle(`
    import { connect } from "@connector-service/sdk/Rpc"
    console.log(connect("http://127.0.0.1:1"))`)
  expect(files.filter((file) => file.includes("packages/connectors/"))).toEqual([])
  expect(grpcIn(files)).toEqual([])
  expect(undiciRootIn(files)).toEqual([])
  expect(bytes).toBeLessThan(5 * megabyte)
})

/** What carries calls: HTTP clients, the sender, the connectors. */
const carriers = /undici|connectors\/src\/(?:\w+\/|(?!Lazy)[A-Z])|effect\/dist\/(?:http\/HttpClient|rpc)/
/** The schemas, and what they are written in. */
const vocabulary = /effect\/dist\/Schema|domain\/src\/(?:Services|Reason)\.ts/
const modules = ["Client", "Grpc", "Rpc", "InProcess"].map((name) => `sdk/${name}`)
const handlers = ["Express", "Fastify", "Fetch", "Hono"].map((name) => `sdk/webhooks/${name}`)
const connectors = ["adyen", "paypal", "stripe"].map((id) => `connectors/${id}`)

test.each([...modules, ...handlers, ...connectors])(
  "importing %s loads neither what carries calls nor the vocabulary",
  async (specifier) => {
    const files = await loadedBy(`@connector-service/${specifier}`)
    expect(files).not.toEqual([])
    expect(files.filter((file) => vocabulary.test(file))).toEqual([])
    expect(grpcIn(files)).toEqual([])
    expect(files.filter((file) => carriers.test(file))).toEqual([])
  }
)

test("importing sdk/Payments, which has the errors' classes, loads the vocabulary and nothing that carries calls", async () => {
  const files = await loadedBy("@connector-service/sdk/Payments")
  expect(files.filter((file) => file.endsWith("effect/dist/Schema.js"))).toHaveLength(1)
  expect(grpcIn(files)).toEqual([])
  expect(files.filter((file) => carriers.test(file))).toEqual([])
})

test.each(["Express", "Fastify", "Fetch", "Hono"])(
  "a webhook's handler for %s comes without a framework, connectors and gRPC, and is at most 1 MB",
  async (framework) => {
    const { bytes, files } = await bundle(`
      import { webhook } from "@connector-service/sdk/webhooks/${framework}"
      console.log(webhook)`)
    expect(files.filter((file) => /node_modules\/(?:express|fastify|hono|@hono)\//.test(file))).toEqual([])
    expect(files.filter((file) => file.includes("packages/connectors/"))).toEqual([])
    expect(grpcIn(files)).toEqual([])
    expect(bytes).toBeLessThan(megabyte)
  }
)
