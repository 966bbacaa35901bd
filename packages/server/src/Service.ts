import type { AnyConnector } from "@connector-service/connectors/Connector"
import { Connectors } from "@connector-service/connectors/Connectors"
import * as UndiciClient from "@connector-service/connectors/UndiciClient"
import { Layer, Logger, References } from "effect"
import type { Settings } from "./Config.ts"
import type { ConfigurationError } from "./ConfigurationError.ts"
import type { ListenError } from "./Listen.ts"
import { Secrets } from "./Secrets.ts"
import { Server } from "./Server.ts"

/** What everything is made of. */
export interface Parts {
  readonly settings: Settings
  readonly connectors: ReadonlyArray<AnyConnector>
  /** Where `ACCOUNT_<NAME>` variables are looked for. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** How and what the service logs. */
export const logging = ({ logFormat, logLevel }: Pick<Settings, "logFormat" | "logLevel">): Layer.Layer<never> =>
  Layer.merge(
    Logger.layer([logFormat === "json" ? Logger.consoleJson : Logger.consolePretty()]),
    Layer.succeed(References.MinimumLogLevel, logLevel)
  )

/** The whole service. It serves while its scope is open. */
export const layer = ({ connectors, env, settings }: Parts): Layer.Layer<Server, ConfigurationError | ListenError> =>
  Server.layer(settings).pipe(
    Layer.provide(Connectors.layer(connectors, settings)),
    Layer.provide(UndiciClient.layer()),
    Layer.provide(Secrets.layer(env, settings.accountsFile)),
    Layer.provide(logging(settings))
  )
