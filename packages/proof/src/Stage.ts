import type { AnyConnector } from "@connector-service/connectors/Connector"
import { type Configuration, Connectors, type Options, type Target } from "@connector-service/connectors/Connectors"
import type { ConnectorError } from "@connector-service/domain/Reason"
import type { Settlement, Unsettled } from "@connector-service/domain/Settlement"
import { Cause, Clock, Context, DateTime, Deferred, Duration, Effect, Exit, Layer, Option, Scope } from "effect"
import { HttpClient } from "effect/http"
import { credentials } from "./Cards.ts"
import { Claims, type Value } from "./Claims.ts"
import { type ConnectorId, connectors, isWrite } from "./Faults.ts"
import type { Account, CallMade, FlowName, History, Operation } from "./History.ts"
import { Calling, longestExchange, type Network } from "./Network.ts"
import type { Restart } from "./Plan.ts"
import { doneBeforeIsLookedUp } from "./Refusals.ts"
import { unknownIsRight } from "./Unknown.ts"
import type { World } from "./World.ts"

/** What is under proof: the service's own code, or with one of its rules switched off. */
export interface Service {
  readonly catalog: ReadonlyArray<AnyConnector>
  readonly configuration: Configuration
  /** Stands between the callers and the sender. */
  readonly sender: (sender: Connectors["Service"], world: World) => Connectors["Service"]
  /** Stands between the sender and the network. */
  readonly client: (client: HttpClient.HttpClient) => HttpClient.HttpClient
}

/** One process of the service. */
interface Replica {
  readonly sender: Connectors["Service"]
  readonly scope: Scope.Closeable
  /** How far its clock is ahead, in milliseconds. */
  readonly ahead: number
  readonly gone: Deferred.Deferred<void>
  dead: boolean
  stopping: boolean
}

/** How a call ended for its caller. */
export type Told =
  | { readonly _tag: "Answer"; readonly value: Value }
  | { readonly _tag: "Error"; readonly error: ConnectorError }
  /** The caller left, or the service was gone. */
  | { readonly _tag: "Nothing" }

/** What a caller gives with a call. */
export interface Calls {
  readonly operation: Operation
  readonly attempt: number
  readonly asked: number | undefined
  readonly firstSentAt: number | undefined
  readonly patience: number | undefined
  readonly leaves: number | undefined
}

const flows: Readonly<Record<FlowName, readonly [service: string, method: string]>> = {
  authorize: ["payment", "authorize"],
  complete: ["payment", "complete"],
  capture: ["payment", "capture"],
  void: ["payment", "void"],
  reverse: ["payment", "reverse"],
  get: ["payment", "get"],
  refund: ["refund", "create"]
}

const targetOf = (connector: ConnectorId, account: Account): Target => ({
  connector,
  environment: "sandbox",
  credentials: credentials[connector][account]
})
const targets = Object.fromEntries(
  connectors.map((connector) => [connector, [targetOf(connector, 0), targetOf(connector, 1)]])
) as unknown as Readonly<Record<ConnectorId, Readonly<Record<Account, Target>>>>

/** The longest that an answer is on its way to its caller, in milliseconds: less than what it is given before its deadline. */
const wayBack = 200

/** The replicas of the service, and calling them. */
export class Stage {
  readonly world: World
  readonly history: History
  readonly claims: Claims
  readonly #network: Network
  readonly #service: Service
  readonly #replicas: Array<Replica> = []
  readonly #clocks: ReadonlyArray<number>

  constructor(world: World, history: History, network: Network, service: Service, clocks: ReadonlyArray<number>) {
    this.world = world
    this.history = history
    this.claims = new Claims(history, () => world.now)
    this.#network = network
    this.#service = service
    this.#clocks = clocks
  }

  /** Starts a replica in this place. */
  readonly start = (place: number): Effect.Effect<void> =>
    Effect.gen({ self: this }, function* () {
      const scope = yield* Scope.make()
      const { catalog, client, configuration, sender } = this.#service
      const layer = Layer.provide(
        Connectors.layer(catalog, configuration),
        Layer.succeed(HttpClient.HttpClient, client(this.#network.client))
      )
      const ahead = this.#clocks[place] ?? 0
      const built = yield* Effect.provideService(
        Layer.buildWithScope(layer, scope),
        Clock.Clock,
        this.world.clock(ahead)
      )
      this.#replicas[place] = {
        sender: sender(Context.get(built, Connectors), this.world),
        scope,
        ahead,
        gone: yield* Deferred.make<void>(),
        dead: false,
        stopping: false
      }
    })

  /** Ends a replica. */
  readonly stop = (place: number, how: Restart["how"]): Effect.Effect<void> =>
    Effect.suspend(() => {
      const replica = this.#replicas[place]
      if (replica === undefined) return Effect.void
      replica.dead = how === "killed"
      replica.stopping = true
      const end = Scope.close(replica.scope, Exit.void)
      const since = this.world.now
      switch (how) {
        case "killed":
          return Effect.andThen(Deferred.succeed(replica.gone, undefined), Effect.forkDetach(end))
        case "stopped":
          return Effect.andThen(replica.sender.stop, end)
        case "closed":
          return Effect.andThen(
            end,
            Effect.sync(() => this.#leftBehind(replica, since))
          )
      }
    })

  /** Invariant 6: what closes waits for its writes, as long as the longest of them may take. */
  #leftBehind(replica: Replica, since: number): void {
    const [left] = this.history.exchanges.filter(
      ({ call, ended, exchanged }) => call.replica === replica && ended === "open" && isWrite(exchanged)
    )
    if (left !== undefined && this.world.now - since < longestExchange) {
      this.history.violated(6, left.call.operation, `a ${left.exchanged} was left behind by what closed`)
    }
  }

  /** Ends all that still run. */
  readonly stopAll: Effect.Effect<void> = Effect.suspend(() =>
    Effect.forEach(this.#replicas, ({ scope }) => Scope.close(scope, Exit.void), { discard: true })
  )

  #replica(): Replica | undefined {
    return this.#replicas[this.world.chance.whole(0, this.#replicas.length - 1)]
  }

  #made(given: Calls, replica: Replica, settles: boolean): CallMade {
    const { asked, attempt, firstSentAt, operation, patience } = given
    const startedAt = this.world.now
    const deadline = patience === undefined ? undefined : startedAt + patience
    const when = { startedAt, firstSentAt, deadline, endedAt: undefined }
    const call: CallMade = { operation, attempt, asked, ...when, settles, exchanges: [], replica }
    this.history.calls.push(call)
    return call
  }

  /** A deadline travels as the time that is left, so it is by the replica's own clock. */
  #options({ deadline }: CallMade, { ahead }: Replica): Options {
    return deadline === undefined ? {} : { deadline: deadline + ahead }
  }

  /** A call as its caller sees it. */
  #awaited<A>(call: CallMade, replica: Replica, leaves: number | undefined, calls: Effect.Effect<A, ConnectorError>) {
    const running = Effect.provideService(calls, Clock.Clock, this.world.clock(replica.ahead))
    const alive = Effect.raceFirst(
      Effect.asSome(Effect.exit(running)),
      Effect.as(Deferred.await(replica.gone), Option.none<Exit.Exit<A, ConnectorError>>())
    )
    const waited =
      leaves === undefined ? alive : Effect.map(Effect.timeoutOption(alive, Duration.millis(leaves)), Option.flatten)
    return Effect.map(Effect.provideService(waited, Calling, call), (exit) => {
      const { now } = this.world
      call.endedAt = now
      // what was refused as soon as it came could not have been answered sooner
      const late = call.deadline === undefined || now === call.startedAt ? 0 : now + wayBack - call.deadline
      if (late > 0 && Option.isSome(exit)) {
        this.history.violated(6, call.operation, `answered ${late} ms too late to be there by its deadline`)
      }
      return exit
    })
  }

  /** One call of a flow. */
  readonly call = (given: Calls, input: object): Effect.Effect<Told> =>
    Effect.suspend((): Effect.Effect<Told> => {
      const replica = this.#replica()
      if (replica === undefined || replica.dead || replica.stopping) return Effect.succeed({ _tag: "Nothing" })
      const call = this.#made(given, replica, false)
      const { attempt, firstSentAt, operation } = given
      const [service, method] = flows[operation.flow]
      const sent = {
        ...input,
        reference: operation.reference,
        attempt,
        firstSentAt: firstSentAt === undefined ? undefined : DateTime.makeUnsafe(firstSentAt)
      }
      this.history.trace(
        this.world.now,
        () => `${operation.name} calls ${method} attempt ${attempt} first ${firstSentAt}`
      )
      const running = replica.sender.call(
        targets[operation.connector][operation.account],
        // the table's own names, with an input of theirs
        service as "payment",
        method as "get",
        sent as never,
        this.#options(call, replica)
      ) as Effect.Effect<Value, ConnectorError>
      return Effect.map(this.#awaited(call, replica, given.leaves, running), (exit) => this.#told(call, exit))
    })

  /** A defect tells its caller nothing at all. */
  #diedOf(call: CallMade, exit: Exit.Exit<unknown, ConnectorError>): void {
    if (Exit.isFailure(exit) && Exit.hasDies(exit)) {
      this.history.violated(2, call.operation, `ended with a defect: ${Cause.pretty(exit.cause)}`)
    }
  }

  #told(call: CallMade, exit: Option.Option<Exit.Exit<Value, ConnectorError>>): Told {
    if (Option.isSome(exit)) this.#diedOf(call, exit.value)
    const told = this.#ofExit(exit)
    this.history.trace(this.world.now, () => `${call.operation.name} is told ${nameOf(told)}`)
    if (told._tag === "Answer") this.claims.answer(call, told.value)
    if (told._tag === "Error") {
      this.claims.error(call, told.error)
      doneBeforeIsLookedUp(this.history, call, told.error)
      if (told.error.reason._tag === "UnknownOutcome") {
        this.history.unknowns += 1
        unknownIsRight(this.history, call, this.world.now)
      }
    }
    return told
  }

  #ofExit(exit: Option.Option<Exit.Exit<Value, ConnectorError>>): Told {
    if (Option.isNone(exit)) return { _tag: "Nothing" }
    if (Exit.isSuccess(exit.value)) return { _tag: "Answer", value: exit.value.value }
    const error = Option.getOrUndefined(Exit.findErrorOption(exit.value))
    return error === undefined ? { _tag: "Nothing" } : { _tag: "Error", error }
  }

  /** One question what became of a write; undefined where it came to nothing. */
  readonly settle = (given: Calls, unsettled: Unsettled): Effect.Effect<Settlement | ConnectorError | undefined> =>
    Effect.suspend(() => {
      const replica = this.#replica()
      if (replica === undefined || replica.dead || replica.stopping) return Effect.undefined
      const asked = unsettled.amount === undefined ? undefined : Number(unsettled.amount.minorUnits)
      const call = this.#made({ ...given, asked }, replica, true)
      const running = replica.sender.settle(
        targets[given.operation.connector][given.operation.account],
        { unsettled },
        this.#options(call, replica)
      )
      return Effect.map(this.#awaited(call, replica, undefined, running), (exit) => {
        if (Option.isNone(exit)) return undefined
        this.#diedOf(call, exit.value)
        const settlement = Exit.isSuccess(exit.value)
          ? exit.value.value
          : Option.getOrUndefined(Exit.findErrorOption(exit.value))
        this.history.trace(this.world.now, () => `${given.operation.name} settles: ${nameOfEnd(settlement)}`)
        if (settlement?._tag === "ConnectorError") {
          if (settlement.reason._tag === "AmountMismatch") this.claims.error(call, settlement)
          return settlement
        }
        if (settlement !== undefined)
          this.claims.settlement(call, settlement, unsettled.lastSentAt && DateTime.toEpochMillis(unsettled.lastSentAt))
        if (settlement?._tag === "Taken" || settlement?._tag === "NotTaken") this.history.settled += 1
        return settlement
      })
    })
}

/** The name of what a settlement came to. */
export const nameOfEnd = (end: Settlement | ConnectorError | undefined): string =>
  end === undefined ? "nothing" : end._tag === "ConnectorError" ? end.reason._tag : end._tag

const nameOf = (told: Told): string =>
  told._tag === "Answer"
    ? `${told.value.status} ${told.value.rawStatus}`
    : told._tag === "Error"
      ? `${told.error.reason._tag} ${told.error.message}`
      : "nothing"
