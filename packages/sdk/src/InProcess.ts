import type { AnyConnector } from "@connector-service/connectors/Connector"
import type { Configuration } from "@connector-service/connectors/Connectors"
import type { LazyConnector } from "@connector-service/connectors/Lazy"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Secrets, WebhookSecrets } from "./inprocess/Secrets.ts"
import { layered } from "./Layered.ts"
import { type ClientOptions, defaultsOf } from "./Options.ts"
import type { Payments } from "./Payments.ts"
import { type Client, client } from "./Promises.ts"
import type { Transport } from "./Transport.ts"

export type { Secrets, WebhookSecrets } from "./inprocess/Secrets.ts"
export * from "./Promises.ts"

/** Which connectors, what they need, and how calls go. `Id` is the id of one of them. */
export interface InProcessOptions<Id extends string = string> extends Omit<ClientOptions, "connector"> {
  /** The connectors to choose from; the program holds no others. */
  readonly connectors: ReadonlyArray<(LazyConnector | AnyConnector) & { readonly id: Id }>
  /** The id of the connector of calls that name none. */
  readonly connector?: NoInfer<Id>
  /** Finds the credentials of calls whose target has an `account`. */
  readonly secrets?: Secrets | undefined
  /** Finds the webhook secrets of `webhook.receive` whose target has an `account`. */
  readonly webhookSecretsOf?: WebhookSecrets | undefined
  /** What sends; our own client on undici if absent. It must not follow redirects or send anything again by itself. */
  readonly httpClient?: Layer.Layer<HttpClient.HttpClient> | undefined
  /** What is to be otherwise than the connectors say. */
  readonly configuration?: Configuration | undefined
}

const loaded = async (connector: LazyConnector | AnyConnector): Promise<AnyConnector> =>
  "load" in connector ? connector.load() : connector

/** The transport over some connectors. Its code, which has the sender in it, is loaded as it is opened, and theirs too. */
const opened = (options: InProcessOptions): Effect.Effect<Transport, never, Scope.Scope> =>
  Effect.flatMap(
    Effect.promise(() => Promise.all([import("./inprocess/Transport.ts"), ...options.connectors.map(loaded)])),
    ([{ transport }, ...connectors]) => transport({ ...options, connectors })
  )

const defaults = ({
  configuration: _configuration,
  connectors: _connectors,
  httpClient: _httpClient,
  secrets: _secrets,
  webhookSecretsOf: _webhookSecretsOf,
  ...options
}: InProcessOptions) => defaultsOf(options)

/** Payments by connectors in this very program, without a server. Closing waits for writes on the wire. */
export const layer = <Id extends string>(options: InProcessOptions<Id>): Layer.Layer<Payments> =>
  layered(opened(options), defaults(options))

/** A client whose connectors run in this very program, without a server. */
export const inProcess = <Id extends string>(options: InProcessOptions<Id>): Client =>
  client(opened(options), defaults(options))
