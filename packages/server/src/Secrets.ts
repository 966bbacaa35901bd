import { readFile, stat } from "node:fs/promises"
import type { Proof } from "@connector-service/connectors/Connectors"
import { InvalidCredentials } from "@connector-service/domain/Reason"
import { UnknownSecret } from "@connector-service/domain/Refusal"
import { Clock, Context, Effect, Layer, Redacted, Result } from "effect"
import { accountForm, accountRule } from "./Config.ts"
import { ConfigurationError, constantCase } from "./ConfigurationError.ts"

type Credentials = Redacted.Redacted<object>
type WebhookSecrets = Redacted.Redacted<ReadonlyArray<object>>

/** What an account has for a connector: either may be absent. */
interface Kept {
  readonly credentials: Credentials | undefined
  readonly webhookSecrets: WebhookSecrets | undefined
}
/** By account, then by connector. */
type Accounts = ReadonlyMap<string, ReadonlyMap<string, Kept>>

interface Source {
  /** The accounts as they are now. */
  readonly accounts: Effect.Effect<Accounts>
  /** How the source names an account; undefined for one that it cannot have. */
  readonly named: (account: string) => string | undefined
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Reads JSON without an error that could repeat it: undefined for what is none. */
export const parseJson = (text: string): unknown =>
  Result.getOrUndefined(Result.try({ try: (): unknown => JSON.parse(text), catch: () => undefined }))

/** The same of a JSON object. */
export const parseObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  const value = parseJson(text)
  return isObject(value) ? value : undefined
}

/** Every value of an object, read by `of`; undefined when one of them cannot be, or when it is no object. */
const entriesOf = <A>(value: unknown, of: (value: unknown) => A | undefined): ReadonlyMap<string, A> | undefined => {
  if (!isObject(value)) return undefined
  const entries = new Map<string, A>()
  for (const [name, given] of Object.entries(value)) {
    const read = of(given)
    if (read === undefined) return undefined
    entries.set(name, read)
  }
  return entries
}

/** A list of secrets, as a webhook takes them; undefined for what is none. */
export const webhookSecretsOf = (value: unknown): WebhookSecrets | undefined =>
  Array.isArray(value) && value.length > 0 && value.every(isObject)
    ? Redacted.make<ReadonlyArray<object>>(value)
    : undefined

/** Credentials, and beside them in `webhookSecrets` all that prove webhooks now; undefined where neither can be read. */
const keptOf = (value: unknown): Kept | undefined => {
  if (!isObject(value)) return undefined
  if (!("webhookSecrets" in value)) return { credentials: Redacted.make<object>(value), webhookSecrets: undefined }
  const { webhookSecrets: given, ...credentials } = value
  const webhookSecrets = webhookSecretsOf(given)
  if (webhookSecrets === undefined) return undefined
  const none = Object.keys(credentials).length === 0
  return { credentials: none ? undefined : Redacted.make<object>(credentials), webhookSecrets }
}
const byConnector = (value: unknown) => entriesOf(value, keptOf)
const byAccount = (value: unknown): Accounts | undefined => entriesOf(value, byConnector)

const variable = /^ACCOUNT_(.+)$/
/** Account names that differ from one another in upper case too, so that none gets what is another's. */
const plain = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** The accounts of the environment's `ACCOUNT_<NAME>` variables. */
const environmentSource = Effect.fnUntraced(function* (env: Readonly<Record<string, string | undefined>>) {
  const accounts = new Map<string, ReadonlyMap<string, Kept>>()
  for (const [key, text] of Object.entries(env)) {
    const name = variable.exec(key)?.[1]
    if (name === undefined || text === undefined || text === "") continue
    const kept = byConnector(parseObject(text))
    if (kept === undefined) return yield* new ConfigurationError({ key, rule: accountRule })
    accounts.set(name, kept)
  }
  return {
    accounts: Effect.succeed<Accounts>(accounts),
    named: (account) => (plain.test(account) ? constantCase(account) : undefined)
  } satisfies Source
})

const fileRule = `a readable JSON file like {"<account>": ${accountForm}}`

interface Version {
  readonly stamp: string
  readonly accounts: Accounts
}

const stampOf = (path: string) =>
  Effect.map(
    Effect.tryPromise(() => stat(path)),
    ({ ino, mtimeMs, size }) => `${ino} ${mtimeMs} ${size}`
  )

const unreadable = () => new ConfigurationError({ key: "ACCOUNTS_FILE", rule: fileRule })

const readAccounts = (path: string): Effect.Effect<Accounts, ConfigurationError> =>
  Effect.tryPromise(() => readFile(path, "utf8")).pipe(
    Effect.mapError(unreadable),
    Effect.flatMap((text) => {
      const accounts = byAccount(parseObject(text))
      return accounts === undefined ? Effect.fail(unreadable()) : Effect.succeed(accounts)
    })
  )

/** How often, in milliseconds, the file is looked at while calls come in. */
const lookEvery = 1000

/** The accounts of a file. It is looked at again at most once a second; one that cannot be read changes nothing. */
const fileSource = Effect.fnUntraced(function* (path: string) {
  const first = yield* Effect.mapError(stampOf(path), unreadable)
  let current: Version = { stamp: first, accounts: yield* readAccounts(path) }
  let lookAt = (yield* Clock.currentTimeMillis) + lookEvery

  const look = Effect.gen(function* () {
    const stamp = yield* stampOf(path)
    if (stamp === current.stamp) return
    current = { ...current, stamp }
    current = { stamp, accounts: yield* readAccounts(path) }
    yield* Effect.logInfo("The accounts file has changed and was read.")
  }).pipe(
    Effect.catch(() => Effect.logError("The accounts file has changed and cannot be read: the accounts before stay."))
  )

  const accounts = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    if (now < lookAt) return Effect.succeed(current.accounts)
    lookAt = now + lookEvery
    return Effect.map(look, () => current.accounts)
  })
  return { accounts, named: (account) => account } satisfies Source
})

const refused = Effect.fail(
  new InvalidCredentials({ description: "the account has none for this connector", refusedByProcessor: false })
)

/** Finds an account's credentials for a connector, and the secrets that prove its webhooks. */
export class Secrets extends Context.Service<
  Secrets,
  {
    /** The same object each time, until its source changes. */
    readonly resolve: (account: string, connector: string) => Effect.Effect<Credentials, InvalidCredentials>
    /** All that are active, as the connector's webhook encodes them: two while one replaces the other. */
    readonly webhookSecrets: (account: string, connector: string) => Effect.Effect<WebhookSecrets, UnknownSecret>
  }
>()("@connector-service/server/Secrets") {
  static readonly #from = (sources: ReadonlyArray<Source>): Secrets["Service"] => {
    /** The first that any source has of an account's for a connector. */
    const find = Effect.fnUntraced(function* <A>(
      account: string,
      connector: string,
      of: (kept: Kept) => A | undefined
    ): Effect.fn.Return<A | undefined> {
      for (const source of sources) {
        const name = source.named(account)
        const kept = name === undefined ? undefined : (yield* source.accounts).get(name)?.get(connector)
        const found = kept && of(kept)
        if (found !== undefined) return found
      }
      return undefined
    })
    return {
      resolve: (account, connector) =>
        Effect.flatMap(
          find(account, connector, ({ credentials }) => credentials),
          (credentials) => (credentials === undefined ? refused : Effect.succeed(credentials))
        ),
      webhookSecrets: (account, connector) =>
        Effect.flatMap(
          find(account, connector, ({ webhookSecrets }) => webhookSecrets),
          (secrets) => (secrets === undefined ? Effect.fail(new UnknownSecret()) : Effect.succeed(secrets))
        )
    }
  }

  /** The variables `ACCOUNT_<NAME>`, each JSON by connector: `ACCOUNT_MY_SHOP` is the account `my-shop`. */
  static readonly environment = (
    env: Readonly<Record<string, string | undefined>>
  ): Layer.Layer<Secrets, ConfigurationError> =>
    Layer.effect(
      Secrets,
      Effect.map(environmentSource(env), (source) => Secrets.#from([source]))
    )

  /** A JSON file by account, then by connector, read again when it changes. */
  static readonly file = (path: string): Layer.Layer<Secrets, ConfigurationError> =>
    Layer.effect(
      Secrets,
      Effect.map(fileSource(path), (source) => Secrets.#from([source]))
    )

  /** The environment's accounts, then the file's. */
  static readonly layer = (
    env: Readonly<Record<string, string | undefined>>,
    path: string | undefined
  ): Layer.Layer<Secrets, ConfigurationError> =>
    Layer.effect(
      Secrets,
      Effect.gen(function* () {
        const environment = yield* environmentSource(env)
        return Secrets.#from(path === undefined ? [environment] : [environment, yield* fileSource(path)])
      })
    )
}

/** What proves the webhooks of an account at a connector: had when it is needed. */
export const proofOf = (secrets: Secrets["Service"], account: string, connector: string): Proof => ({
  secrets: Effect.map(secrets.webhookSecrets(account, connector), Redacted.value),
  credentials: Effect.map(secrets.resolve(account, connector), Redacted.value)
})
