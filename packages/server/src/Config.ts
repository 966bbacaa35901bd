import type { AnyConnector } from "@connector-service/connectors/Connector"
import type { PolicyChange } from "@connector-service/connectors/Policy"
import type { ProtectionChange } from "@connector-service/connectors/Protection"
import { Config, ConfigProvider, Duration, Effect, Option, Redacted, Schema } from "effect"
import { ConfigurationError, constantCase } from "./ConfigurationError.ts"
import { policyRule, protectionRule, readPolicies, readProtections, unknownKey } from "./Policies.ts"

/** The version that `--version` prints: package.json's. */
export const version = "0.1.0"

interface Key<A> {
  readonly config: (name: string) => Config.Config<A>
  /** As the environment would give it; undefined where absent means none. */
  readonly default: string | undefined
  readonly rule: string
  readonly doc: string
}

const key = <A>(
  config: (name: string) => Config.Config<A>,
  given: { readonly default: string; readonly rule: string; readonly doc: string }
): Key<A> => ({ config, ...given })

const optional = <A>(
  config: (name: string) => Config.Config<A>,
  given: { readonly rule: string; readonly doc: string }
): Key<A | undefined> => ({
  config: (name) => Config.map(Config.option(config(name)), Option.getOrUndefined),
  default: undefined,
  ...given
})

const checked =
  <A>(schema: Schema.ConstraintCodec<A, unknown>) =>
  (name: string) =>
    Config.schema(schema, name)

const portNumber = checked(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 })))
const count = (minimum: number) => checked(Schema.Int.check(Schema.isBetween({ minimum, maximum: 1_000_000 })))
/** What an account has for each connector. */
export const accountForm = '{"<connector>": {credentials, "webhookSecrets": [{secret}]}}'
/** What an account's variable holds. */
export const accountRule = `JSON like ${accountForm}`
const bytes = checked(Schema.Int.check(Schema.isBetween({ minimum: 1024, maximum: 16 * 1024 * 1024 })))
const span = (longest: Duration.Duration) =>
  checked(
    Schema.DurationFromString.check(
      Schema.makeFilter((value) => !Duration.isNegative(value) && Duration.isLessThanOrEqualTo(value, longest))
    )
  )
const httpUrl = checked(
  Schema.String.check(
    Schema.makeFilter((text: string) => /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(text) && URL.canParse(text))
  )
)
/** Secrets in the form that Standard Webhooks gives them: 24 to 64 bytes in base64 after `whsec_`. */
const isSecret = (text: string): boolean => {
  const [, base64 = ""] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? []
  const bytes = Buffer.from(base64, "base64")
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString("base64") === base64
}
const secretsIn = (text: string): ReadonlyArray<string> => text.split(",").map((one) => one.trim())
const signingSecrets = (name: string) =>
  Config.map(
    checked(Schema.String.check(Schema.makeFilter((text: string) => secretsIn(text).every(isSecret))))(name),
    (text) => secretsIn(text).map((secret) => Redacted.make(secret))
  )
const httpUrlRule = "an absolute http or https URL without a query or credentials"
const level = (name: string) =>
  Config.map(Config.Literals(["trace", "debug", "info", "warn", "error", "none"], name), (word) => levels[word])
const levels = { trace: "Trace", debug: "Debug", info: "Info", warn: "Warn", error: "Error", none: "None" } as const

/** Every fixed setting, named as the environment's key is, in another case. */
const keys = {
  host: key(Config.NonEmptyString, {
    default: "127.0.0.1",
    rule: "an address or host name of this machine",
    doc: "Where gRPC and HTTP listen."
  }),
  port: key(portNumber, {
    default: "50051",
    rule: "a whole number from 0 to 65535",
    doc: "gRPC's port; 0 takes a free one."
  }),
  httpPort: key(portNumber, {
    default: "8080",
    rule: "a whole number from 0 to 65535",
    doc: "HTTP's port, for Effect RPC at POST /rpc, webhooks, GET /healthz and /readyz; 0 takes a free one."
  }),
  accountsFile: optional(Config.NonEmptyString, {
    rule: "a path",
    doc: `A JSON file, {"<account>": ${accountForm}}, read again when it changes.`
  }),
  acceptCallerCredentials: key(Config.Boolean, {
    default: "true",
    rule: "true or false",
    doc: "Whether callers may bring credentials in x-credentials-bin, and webhook secrets in x-webhook-secrets-bin."
  }),
  maxMessageBytes: key(bytes, {
    default: "262144",
    rule: "a whole number from 1024 to 16777216",
    doc: "The largest request message taken, in bytes; of a request over HTTP, the largest body."
  }),
  requestTimeout: key(span(Duration.minutes(5)), {
    default: "10 seconds",
    rule: 'at most 5 minutes, written like "10 seconds"',
    doc: "How long a request over HTTP may take to arrive."
  }),
  answerMargin: key(span(Duration.minutes(1)), {
    default: "250 millis",
    rule: 'at most 1 minute, written like "250 millis"',
    doc: "How long before the caller's deadline the answer is given."
  }),
  callLimit: key(span(Duration.hours(1)), {
    default: "100 seconds",
    rule: 'at most 1 hour, written like "100 seconds"',
    doc: "The longest a call may take, whatever its caller's deadline."
  }),
  runningCalls: key(count(1), {
    default: "2000",
    rule: "a whole number from 1 to 1000000",
    doc: "The most calls running at once. ConnectorService, health and reflection are not counted."
  }),
  waitingCalls: key(count(0), {
    default: "1000",
    rule: "a whole number from 0 to 1000000",
    doc: "The most calls waiting to run; any more are refused at once."
  }),
  longestWait: key(span(Duration.minutes(1)), {
    default: "500 millis",
    rule: 'at most 1 minute, written like "500 millis"',
    doc: "The longest a call waits to run before it is refused."
  }),
  standingWait: key(span(Duration.minutes(1)), {
    default: "100 millis",
    rule: 'at most 1 minute, written like "100 millis"',
    doc: "The same where calls have been waiting for LONGEST_WAIT without a break."
  }),
  startsPerTurn: key(count(1), {
    default: "16",
    rule: "a whole number from 1 to 1000000",
    doc: "The most calls that begin in one turn of the event loop; what has begun is answered before more begins."
  }),
  eventSink: key((name: string) => Config.Literals(["none", "http", "grpc", "stdout", "grpc-or-stdout"], name), {
    default: "none",
    rule: "one of none, http, grpc, stdout, grpc-or-stdout",
    doc: "Where the events of webhooks go: POST /webhooks/<connector>/<account> takes those of an account, unless this is none."
  }),
  eventUrl: optional(httpUrl, {
    rule: httpUrlRule,
    doc: "Where each event is posted, if EVENT_SINK is http."
  }),
  eventSecrets: optional(signingSecrets, {
    rule: "one or more secrets with commas between them, each whsec_ and 24 to 64 bytes in base64",
    doc: "What signs each event that is posted: each of them does, so that one can replace another."
  }),
  deliveryLimit: key(span(Duration.minutes(1)), {
    default: "8 seconds",
    rule: 'at most 1 minute, written like "8 seconds"',
    doc: "How long a webhook may take to be in safe hands; then it is refused, and its processor sends it again."
  }),
  runningDeliveries: key(count(1), {
    default: "200",
    rule: "a whole number from 1 to 1000000",
    doc: "The most webhooks worked on at once; any more are refused, and their processors send them again."
  }),
  shutdownTimeout: key(span(Duration.hours(1)), {
    default: "25 seconds",
    rule: 'at most 1 hour, written like "25 seconds"',
    doc: "How long running calls may go on after SIGTERM or SIGINT; then writes end as UnknownOutcome."
  }),
  logLevel: key(level, {
    default: "info",
    rule: "one of trace, debug, info, warn, error, none",
    doc: "The least level logged."
  }),
  logFormat: key((name: string) => Config.Literals(["json", "pretty"], name), {
    default: "json",
    rule: "one of json, pretty",
    doc: "How log lines are written."
  })
}

type Keys = typeof keys

/** The settings, each named after its key. */
export type Settings = { readonly [K in keyof Keys]: Keys[K] extends Key<infer A> ? A : never } & {
  /** Base URLs in place of a connector's own, by connector id. */
  readonly baseUrls: Readonly<Record<string, { readonly live?: string; readonly sandbox?: string }>>
  /** Changes of policies, by connector id or by `id.service.method`. */
  readonly policies: Readonly<Record<string, PolicyChange>>
  /** Changes of protections, by connector id. */
  readonly protections: Readonly<Record<string, ProtectionChange>>
}

const environments = ["live", "sandbox"] as const

const baseUrlKey = (id: string, environment: (typeof environments)[number]): string =>
  `${constantCase(id)}_${constantCase(environment)}_URL`

const read = <A>(name: string, { config, rule }: Pick<Key<A>, "config" | "rule">) =>
  Effect.mapError(config(name), () => new ConfigurationError({ key: name, rule }))

const readBaseUrls = Effect.fnUntraced(function* (connectors: ReadonlyArray<AnyConnector>) {
  const baseUrls: Record<string, { live?: string; sandbox?: string }> = {}
  for (const { id } of connectors) {
    const urls: { live?: string; sandbox?: string } = {}
    for (const environment of environments) {
      const url = yield* read(baseUrlKey(id, environment), {
        config: (name) => Config.option(httpUrl(name)),
        rule: httpUrlRule
      })
      if (Option.isSome(url)) urls[environment] = url.value.replace(/\/+$/, "")
    }
    baseUrls[id] = urls
  }
  return baseUrls
})

/** Reads the settings from environment variables; an empty one counts as absent. */
export const load = (
  env: Readonly<Record<string, string | undefined>>,
  connectors: ReadonlyArray<AnyConnector>
): Effect.Effect<Settings, ConfigurationError> => {
  const defaults = Object.entries(keys).map(([name, { default: text }]) => [constantCase(name), text])
  const given = Object.entries(env).filter(([, text]) => text !== undefined && text !== "")
  const provider = ConfigProvider.fromEnvRecord(Object.fromEntries([...defaults, ...given]))
  return Effect.gen(function* () {
    const settings: Record<string, unknown> = { baseUrls: yield* readBaseUrls(connectors) }
    for (const [name, of] of Object.entries<Key<unknown>>(keys)) settings[name] = yield* read(constantCase(name), of)
    // every key of the table was read by its own config just above
    const given = settings as unknown as Settings
    const unknown = unknownKey(env, connectors)
    if (unknown !== undefined) {
      return yield* new ConfigurationError({
        key: unknown,
        rule: "named after a connector, and for a policy maybe a flow"
      })
    }
    const policies = yield* readPolicies(env, connectors, given)
    return { ...given, policies, protections: yield* readProtections(env, connectors, given) }
  }).pipe(Effect.provideService(ConfigProvider.ConfigProvider, provider))
}

/** What `--help` prints: every key with its default and what it is for. */
export const help = (connectors: ReadonlyArray<AnyConnector>): string => {
  const fixed = Object.entries<Key<unknown>>(keys).map(([name, { default: text, doc, rule }]) => ({
    name: constantCase(name),
    default: text ?? "none",
    doc,
    rule
  }))
  const urls = connectors.flatMap(({ baseUrl, id }) =>
    environments.map((environment) => ({
      name: baseUrlKey(id, environment),
      default: baseUrl[environment],
      doc: `Where ${id}'s ${environment} API is.`,
      rule: httpUrlRule
    }))
  )
  const changes = connectors.flatMap(({ id }) => [
    {
      name: `POLICY_${constantCase(id)}`,
      default: "none",
      doc: `Changes to the policies of ${id}'s flows; with _<SERVICE>_<METHOD> after it, of one flow.`,
      rule: policyRule
    },
    {
      name: `PROTECTION_${constantCase(id)}`,
      default: "none",
      doc: `Changes to what keeps calls to ${id} from piling up.`,
      rule: protectionRule
    }
  ])
  const account = {
    name: "ACCOUNT_<NAME>",
    default: "none",
    doc: "Credentials and webhook secrets of the account <name>, in lower case: ACCOUNT_MY_SHOP is my-shop. Comes before ACCOUNTS_FILE.",
    rule: accountRule
  }
  const lines = [...fixed, ...urls, ...changes, account].flatMap(({ default: text, doc, name, rule }) => [
    `  ${name}=${text}`,
    `      ${doc} It is ${rule}.`
  ])
  return [
    "A payment connector service over gRPC and Effect RPC. Options: --help, --print-policies, --version.",
    "",
    "Environment:",
    ...lines
  ].join("\n")
}
