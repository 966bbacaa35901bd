import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { cp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { createInterface } from "node:readline"
import { promisify } from "node:util"
import { diskUse, emptyProject, install, pack, sdkPackages, type Tarballs } from "@connector-service/bench/Installed"
import { mostInstalled } from "@connector-service/bench/Weights"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { blocksOf, type Program, placesOf, root, runCommand, signal, startProgram } from "../../demo/test/programs.ts"

const run = promisify(execFile)
const published = [...sdkPackages, "server"]

const folder = mkdtempSync(join(tmpdir(), "packed-"))
/** Two projects of somebody else's: npm installs our tarballs there, and the rest from its registry. */
const shop = join(folder, "shop")
const host = join(folder, "host")

/** The service as it is installed, at the sandbox's Stripe. */
const startInstalled = async (sandbox: string) => {
  const child = spawn(process.execPath, [join(host, "node_modules", ".bin", "connector-service")], {
    env: {
      HOST: "127.0.0.1",
      PORT: "0",
      HTTP_PORT: "0",
      STRIPE_SANDBOX_URL: `http://${sandbox}/stripe`,
      ACCOUNT_SANDBOX: JSON.stringify({ stripe: { secretKey: "sk_test_packed" } })
    },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const exited = once(child, "exit")
  const address = await new Promise<string>((done, reject) => {
    for (const output of [child.stdout, child.stderr]) {
      createInterface(output).on("line", (line) => {
        const [, at] = /gRPC on ([\d.]+:\d+)/.exec(line) ?? []
        if (at !== undefined) done(at)
      })
    }
    exited.then(() => reject(new Error("the installed server did not start")))
  })
  return { address, exited, end: () => child.kill("SIGTERM") }
}

let serving: Program
let server: Awaited<ReturnType<typeof startInstalled>>
let tarballs: Tarballs
beforeAll(async () => {
  serving = startProgram("serve")
  mkdirSync(join(folder, "tarballs"))
  tarballs = await pack(join(folder, "tarballs"))
  await emptyProject(shop)
  await install(shop, tarballs, sdkPackages)
  // apart, so that nothing the SDK lacks is there because the server brought it
  await cp(shop, host, { recursive: true, verbatimSymlinks: true })
  await install(host, tarballs, ["server"])
  await serving.said("Ctrl-C ends it.")
  server = await startInstalled(placesOf(serving.stdout()).sandbox)
}, 300_000)
afterAll(async () => {
  signal(serving, "SIGTERM")
  server.end()
  await Promise.all([serving.ended, server.exited])
  rmSync(folder, { recursive: true })
}, 120_000)

const read = (path: string): string => readFileSync(resolve(root, path), "utf8")
const [overGrpc = "", asEffect = ""] = blocksOf(read("README.md"), "ts")
const inProcess = read("docs/in-process.ts")

/** A program's text with the service and the sandbox where they are. */
const placed = (text: string): string =>
  text
    .replace("127.0.0.1:50051", server.address)
    .replace("http://127.0.0.1:9090", `http://${placesOf(serving.stdout()).sandbox}`)

/** An ES module's text as a CommonJS one's. */
const asCommonJs = (text: string): string =>
  `(async () => {\n${text
    .replaceAll(/^import \{(.+)\} from (".+")$/gm, "const {$1} = require($2)")
    .replaceAll(/^import \* as (\w+) from (".+")$/gm, "const $1 = require($2)")}\n})()\n`

describe("a tarball", () => {
  test("there is one for each package but those of this repository alone", () => {
    expect([...tarballs.keys()].sort()).toEqual([...published].sort())
  })

  test.each(published)("%s: holds what is needed to use it, and nothing else", async (name) => {
    const { stdout } = await run("tar", ["-tzf", tarballs.get(name) ?? ""])
    const files = stdout.trim().split("\n")
    const contract = name === "proto" ? /^package\/(?:gen\/descriptors\.binpb|payments\/v1\/\w+\.proto)$/ : /^$/
    expect(
      files.filter((file) => !contract.test(file) && !/^package\/dist\/.+\.(?:js|d\.ts)$/.test(file)).sort()
    ).toEqual(["package/LICENSE", "package/README.md", "package/package.json"])
    expect(files.filter((file) => /test|bundle/.test(file))).toEqual([])
  })

  test.each(published)("%s: its package.json stands alone", (name) => {
    const manifest = readFileSync(join(host, "node_modules", "@connector-service", name, "package.json"), "utf8")
    expect(manifest).not.toMatch(/workspace:|catalog:|@connector-service\/source|https?:/)
    expect(JSON.parse(manifest)).toMatchObject({
      name: `@connector-service/${name}`,
      license: "Apache-2.0",
      engines: { node: ">=22.19" },
      publishConfig: { access: "public" }
    })
  })
})

test("the SDK installed, with all that it needs, is at most 120 MB", async () => {
  const bytes = await diskUse(join(shop, "node_modules"))
  console.log(`The SDK installed: ${(bytes / 1_000_000).toFixed(1)} MB.`)
  expect(readdirSync(join(shop, "node_modules", "@connector-service")).sort()).toEqual([...sdkPackages].sort())
  expect(bytes).toBeLessThanOrEqual(mostInstalled)
})

describe("in another project, from the tarballs alone", { timeout: 60_000 }, () => {
  test.each([
    ["README.md, Promises over gRPC", overGrpc],
    ["README.md, effects over gRPC", asEffect],
    ["docs/in-process.ts", inProcess]
  ])("%s: runs as an ES module and as CommonJS", async (_, text) => {
    expect(text).not.toBe("")
    for (const [file, program] of [
      ["program.mjs", placed(text)],
      ["program.cjs", asCommonJs(placed(text))]
    ] as const) {
      writeFileSync(join(shop, file), program)
      const { stderr, stdout } = await run(process.execPath, [file], { cwd: shop })
      expect({ file, stderr, stdout }).toEqual({
        file,
        stderr: "",
        stdout: expect.stringMatching(/^AUTHORIZED pi_\w+\n$/)
      })
    }
  })

  /** What the compiler says of some files of a TypeScript user's. */
  const compile = async (options: object, texts: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(texts)) writeFileSync(join(shop, file), text)
    const compilerOptions = { target: "es2022", types: ["node"], strict: true, noEmit: true, ...options }
    writeFileSync(join(shop, "tsconfig.json"), JSON.stringify({ compilerOptions, files: Object.keys(texts) }))
    return runCommand(resolve(root, "node_modules/.bin/tsc"), ["-p", shop])
  }
  const clean = { code: 0, stdout: "", stderr: "" }

  test.each([
    { module: "node16", moduleResolution: "node16" },
    { module: "esnext", moduleResolution: "bundler" }
  ])("the types of every module hold under $moduleResolution, and those of what it imports", async (options) => {
    const modules = sdkPackages.flatMap((name) =>
      readdirSync(join(shop, "node_modules", "@connector-service", name, "dist"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".d.ts"))
        .map((file) => `@connector-service/${name}/${file.replace(".d.ts", "")}`)
    )
    // the libraries are TypeScript's usual ones, the DOM among them: a declaration of effect's names JsonWebKey
    const said = await compile(
      { ...options, exactOptionalPropertyTypes: true, skipLibCheck: false },
      {
        "overGrpc.mts": overGrpc,
        "asEffect.mts": asEffect,
        "inProcess.mts": inProcess,
        "all.mts": modules.map((name, index) => `export type * as module${index} from "${name}"`).join("\n")
      }
    )
    expect(said).toEqual(clean)
  })

  test("the types hold for CommonJS, which may require ES modules under nodenext", async () => {
    const text =
      'import sdk = require("@connector-service/sdk/Client")\nexport const { payment } = sdk.connect("unix:/a")'
    expect(
      await compile({ module: "nodenext", moduleResolution: "nodenext", skipLibCheck: true }, { "common.cts": text })
    ).toEqual(clean)
  })
})
