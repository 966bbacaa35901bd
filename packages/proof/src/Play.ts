import { catalog } from "@connector-service/connectors/catalog"
import { Cause, Context, Effect, Exit, Logger } from "effect"
import type { Open } from "./Caller.ts"
import { holdAtTheEnd, settleAll, shown } from "./Ending.ts"
import { History } from "./History.ts"
import { Network } from "./Network.ts"
import { Ordering } from "./Orders.ts"
import type { Plan } from "./Plan.ts"
import { Processors } from "./Processors.ts"
import { type Service, Stage } from "./Stage.ts"
import { World } from "./World.ts"

/** The service as it is. */
export const asItIs: Service = {
  catalog,
  configuration: {},
  sender: (sender) => sender,
  client: (client) => client
}

const quiet = Context.make(Logger.CurrentLoggers, new Set<Logger.Logger<unknown, unknown>>())

/** Plays a scenario to its end, and gives all that happened. It waits for nothing: it is over when this returns. */
export const play = (plan: Plan, service: Service = asItIs, traced = false): History => {
  const world = new World(`${plan.seed} play`)
  const history = new History(traced)
  const processors = new Processors(world, history)
  const network = new Network(world, history, processors)
  // making a connector ready costs as much as a call to it
  const used = service.catalog.filter(({ id }) => plan.orders.some(({ connector }) => connector === id))
  const stage = new Stage(world, history, network, { ...service, catalog: used }, plan.clocks)
  const open: Array<Open> = []

  const restarts = plan.restarts.map(({ at, how, replica }) =>
    Effect.gen(function* () {
      yield* Effect.sleep(at)
      yield* stage.stop(replica, how)
      yield* stage.start(replica)
    })
  )
  const orders = plan.orders.map(
    (order, place) => new Ordering(stage, processors, order, place, (left) => void open.push(left)).run
  )
  const scenario = Effect.gen(function* () {
    for (let replica = 0; replica < plan.replicas; replica++) yield* stage.start(replica)
    yield* Effect.all([...restarts, ...orders], { concurrency: "unbounded" })
    network.calm = true
    processors.lag = 0
    if (open.length > 0) yield* Effect.sleep(shown)
    yield* settleAll(stage, open)
    yield* stage.stopAll
  })
  const fiber = Effect.runForkWith(world.provided(quiet))(scenario)
  const ended = world.run(() => fiber.pollUnsafe() !== undefined)
  const exit = fiber.pollUnsafe()
  if (exit !== undefined && Exit.isFailure(exit)) {
    history.violations.push({ invariant: 0, operation: "the scenario itself", what: Cause.pretty(exit.cause) })
  }
  const stoppedAt = world.now
  const still = world.run(() => world.idle)
  if (!ended || !still) {
    history.violations.push({
      invariant: 6,
      operation: "the scenario",
      what: `it did not end (${world.now - stoppedAt} ms)`
    })
  }
  holdAtTheEnd(history)
  return history
}
