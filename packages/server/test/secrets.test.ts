import { mkdtemp, rename, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { proofOf, Secrets } from "@connector-service/server/Secrets"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Logger, Redacted } from "effect"
import { TestClock } from "effect/testing"

const accounts = (key: string) => JSON.stringify({ main: { acme: { key } } })

/** A file of accounts, with its removal. */
const file = (text: string) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const folder = await mkdtemp(join(tmpdir(), "accounts-"))
      const path = join(folder, "accounts.json")
      await writeFile(path, text)
      return { folder, path }
    }),
    ({ folder }) => Effect.promise(() => rm(folder, { recursive: true }))
  )

/** Replaces the file as a mounted secret is replaced: whole, by a rename. */
const replace = ({ folder, path }: { readonly folder: string; readonly path: string }, text: string) =>
  Effect.promise(async () => {
    await writeFile(join(folder, "next"), text)
    await rename(join(folder, "next"), path)
  })

const resolve = Effect.fnUntraced(function* (account: string, connector: string) {
  const secrets = yield* Secrets
  return yield* secrets.resolve(account, connector)
})
const value = (account: string, connector: string) => Effect.map(resolve(account, connector), Redacted.value)

const lines: Array<string> = []
const logged = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])

describe("the environment", () => {
  const env = {
    ACCOUNT_MAIN: JSON.stringify({ acme: { key: "one" } }),
    ACCOUNT_MAIN_EU_1: JSON.stringify({ acme: { key: "two" }, other: { key: "three" } }),
    ACCOUNT_EMPTY: "",
    UNRELATED: "{"
  }

  it.effect("gives an account's credentials for a connector, the same object each time", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* value("main", "acme"), { key: "one" })
      assert.deepStrictEqual(yield* value("main-eu-1", "other"), { key: "three" })
      assert.strictEqual(yield* value("main", "acme"), yield* value("main", "acme"))
    }).pipe(Effect.provide(Secrets.environment(env)))
  )

  it.effect("credentials do not show", () =>
    Effect.gen(function* () {
      const found = yield* resolve("main", "acme")
      assert.notInclude(`${String(found)} ${JSON.stringify({ found })}`, "one")
    }).pipe(Effect.provide(Secrets.environment(env)))
  )

  it.effect("an account or a connector that is not there is refused without naming any", () =>
    Effect.gen(function* () {
      for (const [account, connector] of [
        ["none", "acme"],
        ["main", "other"],
        ["empty", "acme"],
        // other names that would be MAIN_EU_1 in upper case: none of them is the account main-eu-1
        ["main.eu.1", "acme"],
        ["main_eu_1", "acme"],
        ["mainEu-1", "acme"],
        ["MAIN", "acme"],
        ["__proto__", "acme"],
        ["main", "constructor"]
      ] as const) {
        const error = yield* Effect.flip(resolve(account, connector))
        assert.strictEqual(error._tag, "InvalidCredentials")
        assert.notMatch(error.description, /main|acme/)
      }
    }).pipe(Effect.provide(Secrets.environment(env)))
  )

  it.effect.each(["{", "[]", "1", '{"acme":1}', '{"acme":[]}'])("%s names its variable and is not repeated", (text) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.scoped(Layer.build(Secrets.environment({ ACCOUNT_MAIN: text }))))
      assert.strictEqual(error.key, "ACCOUNT_MAIN")
      assert.match(error.message, /^ACCOUNT_MAIN must be .*JSON/)
      assert.notInclude(error.message, "\n")
    })
  )
})

describe("webhook secrets", () => {
  const webhookSecrets = [{ key: "old" }, { key: "new" }]
  const both = JSON.stringify({ acme: { key: "one", webhookSecrets }, deaf: { key: "two" }, mute: { webhookSecrets } })
  const secretsOf = Effect.fnUntraced(function* (account: string, connector: string) {
    const secrets = yield* Secrets
    return yield* secrets.webhookSecrets(account, connector)
  })

  it.effect("stand beside the credentials, and are no part of them", () =>
    Effect.gen(function* () {
      const found = yield* secretsOf("main", "acme")
      assert.deepStrictEqual(Redacted.value(found), webhookSecrets)
      assert.notInclude(`${String(found)} ${JSON.stringify({ found })}`, "old")
      assert.deepStrictEqual(yield* value("main", "acme"), { key: "one" })
      assert.strictEqual(yield* value("main", "acme"), yield* value("main", "acme"))
    }).pipe(Effect.provide(Secrets.environment({ ACCOUNT_MAIN: both })))
  )

  it.effect("are unknown where there are none, and credentials refused where there are only they", () =>
    Effect.gen(function* () {
      for (const [account, connector] of [
        ["main", "deaf"],
        ["main", "other"],
        ["none", "acme"]
      ] as const) {
        assert.strictEqual((yield* Effect.flip(secretsOf(account, connector)))._tag, "UnknownSecret")
      }
      assert.deepStrictEqual(Redacted.value(yield* secretsOf("main", "mute")), webhookSecrets)
      assert.strictEqual((yield* Effect.flip(resolve("main", "mute")))._tag, "InvalidCredentials")
    }).pipe(Effect.provide(Secrets.environment({ ACCOUNT_MAIN: both })))
  )

  it.effect("come from the environment, or from the file where that has none", () =>
    Effect.gen(function* () {
      const { path } = yield* file(JSON.stringify({ main: { deaf: { webhookSecrets: [{ key: "file" }] } } }))
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(Redacted.value(yield* secretsOf("main", "acme")), webhookSecrets)
        assert.deepStrictEqual(Redacted.value(yield* secretsOf("main", "deaf")), [{ key: "file" }])
        assert.deepStrictEqual(yield* value("main", "deaf"), { key: "two" })
        const secrets = yield* Secrets
        const proof = proofOf(secrets, "main", "acme")
        assert.deepStrictEqual(yield* proof.secrets, webhookSecrets)
        assert.deepStrictEqual(yield* proof.credentials, { key: "one" })
      }).pipe(Effect.provide(Secrets.layer({ ACCOUNT_MAIN: both }, path)))
    })
  )

  it.effect.each(["[]", "{}", '"whsec"', "[1]", "[[]]", "null", '[{"key":"a"},1]'])(
    "that are %s name their variable",
    (list) =>
      Effect.gen(function* () {
        const text = `{"acme":{"key":"one","webhookSecrets":${list}}}`
        const error = yield* Effect.flip(Effect.scoped(Layer.build(Secrets.environment({ ACCOUNT_MAIN: text }))))
        assert.strictEqual(error.key, "ACCOUNT_MAIN")
        assert.match(error.message, /webhookSecrets/)
        assert.notInclude(error.message, "whsec")
      })
  )
})

describe("a file", () => {
  it.effect("is read again when it has changed, and looked at no more than once a second", () =>
    Effect.gen(function* () {
      const at = yield* file(accounts("old"))
      yield* Effect.gen(function* () {
        const first = yield* value("main", "acme")
        assert.deepStrictEqual(first, { key: "old" })
        yield* replace(at, accounts("new"))
        yield* TestClock.adjust("999 millis")
        assert.strictEqual(yield* value("main", "acme"), first)
        yield* TestClock.adjust("1 millis")
        assert.deepStrictEqual(yield* value("main", "acme"), { key: "new" })
        yield* TestClock.adjust("1 seconds")
        assert.strictEqual(yield* value("main", "acme"), yield* value("main", "acme"))
      }).pipe(Effect.provide(Secrets.file(at.path)))
    })
  )

  it.effect(
    "one that is broken or gone leaves the accounts as they were, says so once, and the next good one counts",
    () =>
      Effect.gen(function* () {
        const at = yield* file(accounts("old"))
        lines.length = 0
        yield* Effect.gen(function* () {
          for (const text of ['{"main":{"acme":{"key":"half', '{"main":1}', "[]"]) {
            yield* replace(at, text)
            yield* TestClock.adjust("1 seconds")
            assert.deepStrictEqual(yield* value("main", "acme"), { key: "old" })
            yield* TestClock.adjust("1 seconds")
            assert.deepStrictEqual(yield* value("main", "acme"), { key: "old" })
          }
          assert.strictEqual(lines.length, 3)
          assert.notInclude(lines.join(), "half")
          yield* Effect.promise(() => rm(at.path))
          yield* TestClock.adjust("1 seconds")
          assert.deepStrictEqual(yield* value("main", "acme"), { key: "old" })
          yield* replace(at, accounts("new"))
          yield* TestClock.adjust("1 seconds")
          assert.deepStrictEqual(yield* value("main", "acme"), { key: "new" })
        }).pipe(Effect.provide(Secrets.file(at.path)), Effect.provide(logged))
      })
  )

  it.effect("one that cannot be read at the start names its setting", () =>
    Effect.gen(function* () {
      const at = yield* file("{")
      for (const path of [at.path, at.folder, join(at.folder, "none")]) {
        const exit = yield* Effect.exit(Effect.scoped(Layer.build(Secrets.file(path))))
        assert.match(String(Exit.isFailure(exit) ? exit.cause : ""), /ACCOUNTS_FILE/)
      }
    })
  )

  it.effect("the environment comes before it", () =>
    Effect.gen(function* () {
      const text = JSON.stringify({ main: { acme: { key: "file" }, other: { key: "file" } } })
      const { path } = yield* file(text)
      const layer = Secrets.layer({ ACCOUNT_MAIN: JSON.stringify({ acme: { key: "environment" } }) }, path)
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(yield* value("main", "acme"), { key: "environment" })
        assert.deepStrictEqual(yield* value("main", "other"), { key: "file" })
      }).pipe(Effect.provide(layer))
    })
  )
})
