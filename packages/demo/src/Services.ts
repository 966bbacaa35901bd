import { setTimeout as delay } from "node:timers/promises"
import { couriers } from "@connector-service/sandbox/Deliveries"
import { type Sandbox, startSandbox } from "@connector-service/sandbox/Sandbox"
import { fail } from "./Failure.ts"
import { startServer } from "./ServerProcess.ts"

/** The sandbox in this process and the server in its own, both serving on loopback. */
export interface Services {
  /** "127.0.0.1:50051" */
  readonly grpc: string
  /** "http://127.0.0.1:8080" */
  readonly http: string
  /** "http://127.0.0.1:9090" */
  readonly sandbox: string
  /** Resolves when the server has ended, whoever ended it, with how in a few words. */
  readonly serverEnded: Promise<string>
  /** Ends the server, then the sandbox. */
  readonly stop: () => Promise<void>
}

/** What the sandbox signs a processor's webhooks with, unless an endpoint has a secret of its own. */
const secretOf = (processor: string) => couriers.get(processor)?.secret

/**
 * The account that the server knows, at each connector: the sandbox takes any credentials of these forms. Its PayPal is
 * asked about each webhook, as nobody trusts the authority of its certificates.
 */
export const credentials = {
  stripe: { secretKey: "sk_test_sandbox", webhookSecrets: [{ signingSecret: secretOf("stripe") }] },
  adyen: {
    apiKey: "AQEsandboxApiKey",
    merchantAccount: "SandboxShop",
    webhookSecrets: [{ hmacKey: secretOf("adyen") }]
  },
  paypal: {
    clientId: "sandbox-client",
    clientSecret: "sandbox-secret",
    webhookSecrets: [{ webhookId: secretOf("paypal"), environment: "sandbox", verification: "API" }]
  }
}

/** The settings of a server whose processors are a sandbox's, at its base address. */
export const settingsFor = (sandbox: string): Readonly<Record<string, string>> => ({
  ACCOUNT_SANDBOX: JSON.stringify(credentials),
  HOST: "127.0.0.1",
  STRIPE_SANDBOX_URL: `${sandbox}/stripe`,
  ADYEN_SANDBOX_URL: `${sandbox}/adyen/v72`,
  PAYPAL_SANDBOX_URL: `${sandbox}/paypal`
})

/** How long running calls have before the sandbox drops the ones that it leaves hanging, in milliseconds. */
const grace = 2_000

const openSandbox = async (text: string): Promise<Sandbox> => {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) return fail("SANDBOX_PORT must be a whole number from 0 to 65535.")
  return startSandbox({ port }).catch((error: NodeJS.ErrnoException) =>
    fail(
      error.code === "EADDRINUSE"
        ? `Port ${port} of 127.0.0.1 is taken: set SANDBOX_PORT to another one.`
        : `The sandbox cannot listen on port ${port} (${error.message}): set SANDBOX_PORT to another one.`
    )
  )
}

/**
 * Starts both and waits until they serve. PORT, HTTP_PORT and SANDBOX_PORT of `env` say where; 0 takes a free port.
 * Rejects with Failure, and then nothing is left running.
 */
export const startServices = async (env: NodeJS.ProcessEnv): Promise<Services> => {
  const sandbox = await openSandbox(env.SANDBOX_PORT || "9090")
  const server = await startServer({
    ...env,
    EVENT_SINK: env.EVENT_SINK || "grpc-or-stdout",
    ...settingsFor(sandbox.url)
  }).catch((error: unknown) => sandbox.close().then(() => Promise.reject(error)))
  return {
    grpc: server.grpc,
    http: `http://${server.http}`,
    sandbox: sandbox.url,
    serverEnded: server.ended,
    stop: async () => {
      server.end()
      await Promise.race([server.ended, delay(grace, undefined, { ref: false })])
      await sandbox.close()
      await server.ended
    }
  }
}
