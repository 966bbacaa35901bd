import { startSandbox } from "./Sandbox.ts"

const port = Number(process.env.SANDBOX_PORT ?? "9090")

const stop = (message: string): never => {
  process.stderr.write(`${message}\n`)
  return process.exit(1)
}

if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  stop("SANDBOX_PORT must be a port number between 0 and 65535.")
}

startSandbox({ port }).then(
  (sandbox) => {
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
