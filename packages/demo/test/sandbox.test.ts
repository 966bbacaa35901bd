import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Program, placesOf, root, runCommand, signal, startProgram } from "./programs.ts"

const page = readFileSync(resolve(root, "docs/sandbox.md"), "utf8")

let program: Program
let places: ReturnType<typeof placesOf>

beforeAll(async () => {
  program = startProgram("serve")
  await program.said("Ctrl-C ends it.")
  places = placesOf(program.stdout())
}, 30_000)
afterAll(() => {
  signal(program, "SIGTERM")
  return program.ended
}, 30_000)

test("the commands of docs/sandbox.md work in their order, as they stand", async () => {
  const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block).join("echo\n")
  const script = commands
    .replaceAll("127.0.0.1:50051", places.grpc)
    .replaceAll("127.0.0.1:8080", places.http)
    .replaceAll("127.0.0.1:9090", places.sandbox)
  const { code, stderr, stdout } = await runCommand("sh", ["-euc", script])
  // npm may warn of the machine's own configuration
  expect({ code, stderr: stderr.replace(/^npm warn .*\n/gm, "") }).toEqual({ code: 0, stderr: "" })
  // what the page says beside them
  expect(stdout).toContain('"status": "PAYMENT_STATUS_AUTHORIZED"')
  const ledger: unknown = await (await fetch(`http://${places.sandbox}/_sandbox/ledger`)).json()
  expect(ledger).toMatchObject({
    authorizations: [
      { processor: "stripe", amount: 1000 },
      { processor: "stripe", amount: 1000 }
    ],
    captures: [],
    requests: [
      { status: null, processed: true, replayed: false, fault: "reset_after" },
      { status: 200, processed: false, replayed: true, fault: null },
      { status: 200, processed: true, replayed: false, fault: null }
    ]
  })
  expect(stdout).toContain('{"kind":"wrong_amount","path":"/capture$","count":1,"by":-100}')
  expect(stdout).toContain('"type":"payment_intent.amount_capturable_updated"')
  expect(await (await fetch(`http://${places.sandbox}/_sandbox/webhooks`)).json()).toEqual([])
  expect(stdout.trimEnd().endsWith("[]")).toBe(true)
}, 60_000)

test("docs/sandbox.md has every kind of fault that the sandbox names, and no other", async () => {
  const refused = await fetch(`http://${places.sandbox}/_sandbox/faults`, { method: "POST", body: "{}" })
  expect(refused.status).toBe(400)
  const named = /one of: (.*)\./.exec(await refused.text())?.[1]?.split(", ")
  const table = page.split("| kind ")[1]?.split("\n\n")[0] ?? ""
  const described = table.split("\n").flatMap((row) => (row.split("|")[1] ?? "").match(/(?<=`)\w+(?=`)/g) ?? [])
  expect(described.toSorted()).toEqual(named?.toSorted())
})
