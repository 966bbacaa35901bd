import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, test } from "vitest"

const run = promisify(execFile)

// without the condition for the sources, so that these meet the packages as they are built
test.each([
  ["grpc.mjs", "false true Unreachable 100n"],
  ["grpc.cjs", "false true Unreachable 100n"],
  ["rpc.mjs", "false true Unreachable 100n"],
  ["rpc.cjs", "false true Unreachable 100n"],
  ["inprocess.mjs", "false true InvalidCredentials 100n"],
  ["inprocess.cjs", "false true InvalidCredentials 100n"],
  ["webhooks.mjs", "InvalidSignature\n400 function function function"],
  ["webhooks.cjs", "InvalidSignature\n400 function function function"]
])("plain JavaScript: %s", async (file, said) => {
  const path = fileURLToPath(new URL(`./plain/${file}`, import.meta.url))
  const { stderr, stdout } = await run(process.execPath, [path])
  expect({ stderr, stdout: stdout.trim() }).toEqual({ stderr: "", stdout: said })
})
