import { readFile, stat } from "node:fs/promises"
import { InvalidCredentials } from "@connector-service/domain/Reason"
import { Clock, Context, Effect, Layer, Redacted, Result } from "effect"
import { accountRule } from "./Config.ts"
import { ConfigurationError, constantCase } from "./ConfigurationError.ts"

type Credentials = Redacted.Redacted<object>
/** Credentials by account, then by connector. */
type Accounts = ReadonlyMap<string, ReadonlyMap<string, Credentials>>

interface Source {
  /** The accounts as they are now. */
  readonly accounts: Effect.Effect<Accounts>
  /** How the source names an account; undefined for one that it cannot have. */
  readonly named: (account: string) => string | undefined
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Reads JSON without an error that could repeat it. */
export const parseObject = (text: string): Result.Result<Readonly<Record<string, unknown>>, undefined> =>
  Result.flatMap(Result.try({ try: (): unknown => JSON.parse(text), catch: () => undefined }), (value) =>
    isObject(value) ? Result.succeed(value) : Result.fail(undefined)
  )

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

const credentialsOf = (value: unknown): Credentials | undefined =>
  isObject(value) ? Redacted.make<object>(value) : undefined
const byConnector = (value: unknown) => entriesOf(value, credentialsOf)
const byAccount = (value: unknown): Accounts | undefined => entriesOf(value, byConnector)

const variable = /^ACCOUNT_(.+)$/
/** Account names that differ from one another in upper case too, so that none gets what is another's. */
const plain = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** The accounts of the environment's `ACCOUNT_<NAME>` variables. */
const environmentSource = Effect.fnUntraced(function* (env: Readonly<Record<string, string | undefined>>) {
  const accounts = new Map<string, ReadonlyMap<string, Credentials>>()
  for (const [key, text] of Object.entries(env)) {
    const name = variable.exec(key)?.[1]
    if (name === undefined || text === undefined || text === "") continue
    const credentials = byConnector(Result.getOrUndefined(parseObject(text)))
    if (credentials === undefined) return yield* new ConfigurationError({ key, rule: accountRule })
    accounts.set(name, credentials)
  }
  return {
    accounts: Effect.succeed<Accounts>(accounts),
    named: (account) => (plain.test(account) ? constantCase(account) : undefined)
  } satisfies Source
})

const fileRule = 'a readable JSON file like {"<account>": {"<connector>": {credentials}}}'

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
      const accounts = byAccount(Result.getOrUndefined(parseObject(text)))
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

/** Finds an account's credentials for a connector. */
export class Secrets extends Context.Service<
  Secrets,
  {
    /** The same object each time, until its source changes. */
    readonly resolve: (account: string, connector: string) => Effect.Effect<Credentials, InvalidCredentials>
  }
>()("@connector-service/server/Secrets") {
  static readonly #from = (sources: ReadonlyArray<Source>): Secrets["Service"] => ({
    resolve: Effect.fnUntraced(function* (account, connector) {
      for (const source of sources) {
        const name = source.named(account)
        const credentials = name === undefined ? undefined : (yield* source.accounts).get(name)?.get(connector)
        if (credentials !== undefined) return credentials
      }
      return yield* refused
    })
  })

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
