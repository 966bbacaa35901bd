#!/usr/bin/env node
import { catalog } from "@connector-service/connectors/catalog"
import { runMain } from "@effect/platform-node/NodeRuntime"
import { Cause, Console, Effect, Exit, Layer, Schema } from "effect"
import { help, load, version } from "./Config.ts"
import type { ConfigurationError } from "./ConfigurationError.ts"
import type { ListenError } from "./Listen.ts"
import { printed } from "./Policies.ts"
import { layer } from "./Service.ts"

class UsageError extends Schema.TaggedError<UsageError>()("UsageError", { argument: Schema.String }) {
  override get message(): string {
    return `There is no option ${this.argument}; see --help.`
  }
}

type Program = Effect.Effect<void, ConfigurationError | ListenError | UsageError>

const serve: Program = Effect.gen(function* () {
  const settings = yield* load(process.env, catalog)
  return yield* Layer.launch(layer({ settings, connectors: catalog, env: process.env }))
})

const options: Readonly<Record<string, Program>> = {
  "--help": Effect.suspend(() => Console.log(help(catalog))),
  "--print-policies": Effect.flatMap(load(process.env, catalog), (settings) => Console.log(printed(catalog, settings))),
  "--version": Console.log(version)
}

const program = Effect.suspend((): Program => {
  const [argument] = process.argv.slice(2)
  return argument === undefined ? serve : (options[argument] ?? Effect.fail(new UsageError({ argument })))
}).pipe(Effect.tapError(({ message }) => Console.error(message)))

let signals = 0
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    signals += 1
    // the first is runMain's: it stops the service in order
    if (signals > 1) process.exit(signal === "SIGINT" ? 130 : 143)
  })
}

runMain(program, {
  disableErrorReporting: true,
  teardown: (exit, end) => {
    if (Exit.isFailure(exit) && Cause.hasDies(exit.cause)) console.error(Cause.pretty(exit.cause))
    end(Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause) ? 0 : 1)
  }
})
