import type { AnyConnector } from "@connector-service/connectors/Connector"
import { Connectors, type Target } from "@connector-service/connectors/Connectors"
import * as UndiciClient from "@connector-service/connectors/UndiciClient"
import type { RequestOf } from "@connector-service/domain/Services"
import { type Sandbox, startSandbox } from "@connector-service/sandbox/Sandbox"
import { Effect, Layer, ManagedRuntime } from "effect"
import { afterAll, beforeAll, beforeEach } from "vitest"
import { authorize, result } from "./Sending.ts"
import { decoded } from "./Table.ts"

/** A connector over its processor in a sandbox of the test file's own, which each test finds empty. */
export const overSandbox = (
  connector: AnyConnector,
  credentials: Target["credentials"],
  path: string = connector.id
) => {
  const target: Target = { connector: connector.id, environment: "sandbox", credentials }
  let running: Sandbox
  let runtime: ManagedRuntime.ManagedRuntime<Connectors, never>
  beforeAll(async () => {
    running = await startSandbox()
    const configuration = { baseUrls: { [connector.id]: { sandbox: `${running.url}/${path}` } } }
    runtime = ManagedRuntime.make(Layer.provide(Connectors.layer([connector], configuration), UndiciClient.layer()))
  })
  afterAll(async () => {
    await running.close()
    await runtime.dispose()
  })
  beforeEach(() => running.reset())
  const call = (name: string, input: object) => {
    const [service, method] = name.split(".")
    return runtime.runPromise(
      Effect.flatMap(Connectors, (sender) =>
        // the input is of this method: its own schema decoded it
        Effect.exit(sender.call(target, service as "payment", method as "get", input as RequestOf<"payment", "get">))
      ).pipe(Effect.map(result))
    )
  }
  return {
    sandbox: (): Sandbox => running,
    /** Authorizes 10.00 EUR, taken at once unless told otherwise. */
    pay: (paymentMethod: object, more: object = {}) =>
      call("payment.authorize", authorize({ captureMethod: "AUTOMATIC", paymentMethod, ...more })),
    /** The answer of another call, or why there is none. */
    act: async (name: string, input: object): Promise<unknown> => {
      const { answer, reason } = await call(name, decoded(name, input))
      return answer ?? reason
    }
  }
}
