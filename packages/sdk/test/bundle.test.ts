import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { expect, test } from "vitest"

/** A minified bundle of some lines of a program, as its files by what they contribute. */
const bundle = async (contents: string) => {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)), loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    target: "node22",
    conditions: ["@connector-service/source"]
  })
  const [output] = Object.values(metafile.outputs)
  const files = Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [file] : []
  )
  return { files, bytes: outputFiles[0]?.contents.length ?? Number.NaN }
}

const megabyte = 1_000_000
/** The folders of connectors: those in packages/connectors/src. */
const connectorsIn = (files: ReadonlyArray<string>) =>
  new Set(files.flatMap((file) => /connectors\/src\/([^/]+)\//.exec(file)?.[1] ?? []))
const grpcIn = (files: ReadonlyArray<string>) => files.filter((file) => /@grpc|\/proto\/gen\//.test(file))

test("one connector in process comes alone, without gRPC", async () => {
  const { bytes, files } = await bundle(`
    import { stripe } from "@connector-service/connectors/stripe/connector"
    import { inProcess } from "@connector-service/sdk/InProcess"
    console.log(inProcess({ connectors: [stripe] }))`)
  expect(connectorsIn(files)).toEqual(new Set(["stripe"]))
  expect(files.filter((file) => file.endsWith("connectors/src/catalog.ts"))).toEqual([])
  expect(grpcIn(files)).toEqual([])
  expect(bytes).toBeLessThan(8 * megabyte)
})

test("all connectors in process are at most 8 MB", async () => {
  const { bytes, files } = await bundle(`
    import { catalog } from "@connector-service/connectors/catalog"
    import { inProcess } from "@connector-service/sdk/InProcess"
    console.log(inProcess({ connectors: catalog }))`)
  expect(connectorsIn(files)).toContain("stripe")
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
  expect(bytes).toBeLessThan(5 * megabyte)
})
