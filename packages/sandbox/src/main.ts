import { parseJson } from "./Json.ts"
import { startSandbox, type WantedEndpoint } from "./Sandbox.ts"

const port = Number(process.env.SANDBOX_PORT ?? "9090")

const stop = (message: string): never => {
  process.stderr.write(`${message}\n`)
  return process.exit(1)
}

if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  stop("SANDBOX_PORT must be a port number between 0 and 65535.")
}

const endpoints = (text: string): ReadonlyArray<WantedEndpoint> => {
  // What is no endpoint is refused by the sandbox, with a sentence.
  const read = parseJson(text) as unknown as WantedEndpoint | ReadonlyArray<WantedEndpoint> | undefined
  return [read ?? stop("SANDBOX_WEBHOOKS must be JSON: an array of endpoints.")].flat()
}

startSandbox({ port }).then(
  async (sandbox) => {
    const webhooks = process.env.SANDBOX_WEBHOOKS
    if (webhooks) await sandbox.addEndpoints(endpoints(webhooks)).catch(({ message }: TypeError) => stop(message))
    process.stdout.write(
      `sandbox listening on ${sandbox.url} (Stripe: ${sandbox.url}/stripe, Adyen: ${sandbox.url}/adyen, PayPal: ${sandbox.url}/paypal)\n`
    )
    const end = (): void => {
      sandbox.close().then(() => process.exit(0))
    }
    process.on("SIGTERM", end)
    process.on("SIGINT", end)
  },
  (error: NodeJS.ErrnoException) =>
    stop(
      error.code === "EADDRINUSE"
        ? `Port ${port} is taken; set SANDBOX_PORT to another one.`
        : `The sandbox cannot start: ${error.message}`
    )
)
