import { Failure, fail } from "./Failure.ts"
import { type Services, startServices } from "./Services.ts"

/** Ctrl-C, a terminal that closes, and what ends a service; npm and the terminal both send one. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const

/** What a program does once the services are there; `print` is silent from when it was asked to end. */
export type Body = (services: Services, print: (line: string) => void) => Promise<void>

const whileServing = async (body: Body, env: NodeJS.ProcessEnv): Promise<void> => {
  let ending = false
  const asked = new Promise<void>((resolve) => {
    for (const signal of endings) {
      process.on(signal, () => {
        ending = true
        resolve()
      })
    }
  })
  const services = await startServices(env)
  const diedAlone = services.serverEnded.then((how) => fail(`The server ended by itself (${how}).`))
  const done = body(services, (line) => {
    if (!ending) console.log(line)
  })
  await Promise.race([asked, diedAlone, done.then(() => asked)]).finally(services.stop)
}

/**
 * A program: starts the services, runs `body`, and serves until it is asked to end. Exits with 0 then, and with 1 after
 * a line on standard error when something went wrong.
 */
export const run = (body: Body, env: NodeJS.ProcessEnv = process.env): Promise<never> =>
  whileServing(body, env).then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error instanceof Failure ? error.message : error)
      return process.exit(1)
    }
  )
