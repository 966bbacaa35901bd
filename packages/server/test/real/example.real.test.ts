import { type Sandbox, startSandbox } from "@connector-service/sandbox/Sandbox"
import { afterAll, beforeAll, expect, test } from "vitest"
import { environment } from "../kit.ts"
import { runPythonExample, type ServerProcess, startServer } from "./Programs.ts"

let sandbox: Sandbox
let server: ServerProcess

beforeAll(async () => {
  sandbox = await startSandbox()
  server = await startServer(environment(sandbox))
}, 60_000)

afterAll(async () => {
  await sandbox.close()
  await server.stop()
}, 60_000)

// the outcomes of docs/errors.md; numbers: https://docs.stripe.com/testing, the last one fails ISO/IEC 7812-1's check
test.each([
  ["4242424242424242", /^PAYMENT_STATUS_AUTHORIZED pi_\w+\n$/],
  ["4000000000009995", /^declined: /],
  ["4242424242424241", /^invalid_field, MONEY_MOVED_NO\. /]
])(
  "docs/examples/errors.py, run as docs/grpc.md says, tells what comes of %s",
  async (number, said) => {
    expect(await runPythonExample(server.address, { "4242424242424242": number })).toMatch(said)
  },
  60_000
)
