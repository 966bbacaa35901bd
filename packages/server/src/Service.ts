import type { AnyConnector } from "@connector-service/connectors/Connector"
import { Connectors } from "@connector-service/connectors/Connectors"
import * as UndiciClient from "@connector-service/connectors/UndiciClient"
import { Layer, Logger, References } from "effect"
import type { HttpClient } from "effect/http/HttpClient"
import type { Settings } from "./Config.ts"
import { ConfigurationError } from "./ConfigurationError.ts"
import { httpSink } from "./HttpSink.ts"
import type { ListenError } from "./Listen.ts"
import { hasEvents } from "./Output.ts"
import { Secrets } from "./Secrets.ts"
import { Server } from "./Server.ts"
import { stdoutSink } from "./StdoutSink.ts"
import { Subscriptions, subscriptionsOr, subscriptionsSink } from "./Subscriptions.ts"

/** What everything is made of. */
export interface Parts {
  readonly settings: Settings
  readonly connectors: ReadonlyArray<AnyConnector>
  /** Where `ACCOUNT_<NAME>` variables are looked for. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** How log lines are written, by LOG_FORMAT: to standard output, or to standard error. */
const loggers = {
  json: { stdout: Logger.consoleJson, stderr: Logger.withConsoleError(Logger.formatJson) },
  pretty: { stdout: Logger.consolePretty(), stderr: Logger.consolePretty({ mode: "tty" }) }
}

/** How and what the service logs: to standard output, unless the events have that to themselves. */
export const logging = ({
  eventSink,
  logFormat,
  logLevel
}: Pick<Settings, "eventSink" | "logFormat" | "logLevel">): Layer.Layer<never> => {
  const aside = hasEvents(eventSink)
  return Layer.mergeAll(
    Logger.layer([loggers[logFormat][aside ? "stderr" : "stdout"]]),
    Layer.succeed(Logger.LogToStderr, aside),
    Layer.succeed(References.MinimumLogLevel, logLevel)
  )
}

type SinkLayer = Layer.Layer<never, ConfigurationError, HttpClient>

const refused = (key: string, rule: string) => Layer.effectDiscard(new ConfigurationError({ key, rule }))
const missing = (key: string) => refused(key, "given where EVENT_SINK is http")

/** By EVENT_SINK, where events go. */
const sinks: Readonly<Record<Settings["eventSink"], (settings: Settings) => SinkLayer>> = {
  none: () => Layer.empty,
  http: ({ eventSecrets, eventUrl }) => {
    if (eventUrl === undefined) return missing("EVENT_URL")
    return eventSecrets === undefined ? missing("EVENT_SECRETS") : httpSink({ url: eventUrl, secrets: eventSecrets })
  },
  grpc: () => Layer.provideMerge(subscriptionsSink, Subscriptions.layer),
  "grpc-or-stdout": () => Layer.provideMerge(subscriptionsOr(stdoutSink(process.stdout)), Subscriptions.layer),
  stdout: () => stdoutSink(process.stdout)
}

/** A receiver that is named and not used would be a mistake that goes unnoticed. */
const sinkOf = (settings: Settings): SinkLayer =>
  settings.eventUrl !== undefined && settings.eventSink !== "http"
    ? refused("EVENT_SINK", "http where EVENT_URL is given")
    : sinks[settings.eventSink](settings)

/** The whole service. It serves while its scope is open. */
export const layer = ({ connectors, env, settings }: Parts): Layer.Layer<Server, ConfigurationError | ListenError> =>
  Server.layer(settings).pipe(
    Layer.provide(Connectors.layer(connectors, settings)),
    Layer.provide(sinkOf(settings)),
    Layer.provide(UndiciClient.layer()),
    Layer.provide(Secrets.layer(env, settings.accountsFile)),
    Layer.provide(logging(settings))
  )
