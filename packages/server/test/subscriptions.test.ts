import { NotSafe, type Told } from "@connector-service/server/Sink"
import { Broker, mostUnacknowledged, type Subscription } from "@connector-service/server/Subscriptions"
import { Effect, Exit, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { told } from "./told.ts"

/** Whether a take is safe, not safe, or neither yet. */
const taking = (broker: Broker, event: Told) => {
  const fiber = Effect.runFork(broker.take(event))
  return {
    outcome: (): "safe" | "not safe" | "unknown" => {
      const exit = fiber.pollUnsafe()
      if (exit === undefined) return "unknown"
      return Exit.isSuccess(exit) ? "safe" : "not safe"
    },
    giveUp: () => Effect.runPromise(Fiber.interrupt(fiber))
  }
}

/** What a subscriber fetches, one after another. */
const fetched = async (
  subscription: Subscription,
  count: number
): Promise<ReadonlyArray<readonly [bigint, string]>> => {
  const all: Array<readonly [bigint, string]> = []
  for (let index = 0; index < count; index += 1) {
    const next = await subscription.next()
    if (next === undefined) return all
    all.push([next.deliveryNumber, next.event.id])
  }
  return all
}

describe("an event", () => {
  it("is not safe where nobody subscribes", async () => {
    const exit = await Effect.runPromiseExit(new Broker().take(told("e1")))
    expect(exit).toEqual(Exit.fail(new NotSafe({ description: "nobody subscribes to it" })))
  })

  it("is safe once its number is acknowledged, and not before", async () => {
    const broker = new Broker()
    const subscription = broker.open(undefined)
    const first = taking(broker, told("e1"))
    const second = taking(broker, told("e2"))
    expect(await fetched(subscription, 2)).toEqual([
      [1n, "e1"],
      [2n, "e2"]
    ])
    expect([first.outcome(), second.outcome()]).toEqual(["unknown", "unknown"])
    subscription.acknowledge(2n)
    expect([first.outcome(), second.outcome()]).toEqual(["unknown", "safe"])
    subscription.acknowledge(7n)
    subscription.acknowledge(2n)
    expect(first.outcome()).toBe("unknown")
    subscription.acknowledge(1n)
    expect(first.outcome()).toBe("safe")
  })

  it("tells whose it is", async () => {
    const broker = new Broker()
    const subscription = broker.open(undefined)
    taking(broker, told("e1", "shop", "adyen"))
    expect(await subscription.next()).toEqual({ ...told("e1", "shop", "adyen"), deliveryNumber: 1n })
  })

  it("goes to those who want its account, and to nobody else", async () => {
    const broker = new Broker()
    const other = broker.open("other")
    expect(taking(broker, told("e1")).outcome()).toBe("not safe")
    const shop = broker.open("shop")
    taking(broker, told("e2"))
    taking(broker, told("e3", "other"))
    expect(await fetched(shop, 1)).toEqual([[1n, "e2"]])
    expect(await fetched(other, 1)).toEqual([[1n, "e3"]])
  })

  it("that nobody waits for any more is not sent, and its number means nothing", async () => {
    const broker = new Broker()
    const subscription = broker.open(undefined)
    const first = taking(broker, told("e1"))
    await first.giveUp()
    const second = taking(broker, told("e2"))
    expect(await fetched(subscription, 1)).toEqual([[2n, "e2"]])
    subscription.acknowledge(1n)
    expect(second.outcome()).toBe("unknown")
  })
})

describe("several subscribers", () => {
  it("share", async () => {
    const broker = new Broker()
    const subscriptions = [broker.open(undefined), broker.open(undefined), broker.open("shop")]
    for (const id of ["e1", "e2", "e3", "e4", "e5", "e6"]) taking(broker, told(id))
    const shares = await Promise.all(subscriptions.map((one) => fetched(one, 2)))
    expect(shares.map((share) => share.map(([number]) => number))).toEqual(subscriptions.map(() => [1n, 2n]))
    expect(shares.flatMap((share) => share.map(([, id]) => id)).sort()).toEqual(["e1", "e2", "e3", "e4", "e5", "e6"])
  })

  it("get what one that goes away has not acknowledged, under numbers of their own", async () => {
    const broker = new Broker()
    const leaving = broker.open(undefined)
    const first = taking(broker, told("e1"))
    const second = taking(broker, told("e2"))
    const third = taking(broker, told("e3"))
    await fetched(leaving, 2)
    leaving.acknowledge(2n)
    const staying = broker.open(undefined)
    leaving.close()
    expect(await fetched(staying, 2)).toEqual([
      [1n, "e1"],
      [2n, "e3"]
    ])
    // what it says now is too late
    leaving.acknowledge(1n)
    expect([first.outcome(), second.outcome(), third.outcome()]).toEqual(["unknown", "safe", "unknown"])
    staying.acknowledge(1n)
    staying.acknowledge(2n)
    expect([first.outcome(), third.outcome()]).toEqual(["safe", "safe"])
  })

  it("are preferred to one that did not acknowledge in time, until it acknowledges again", async () => {
    const broker = new Broker()
    const silent = broker.open(undefined)
    const late = taking(broker, told("e1"))
    await fetched(silent, 1)
    await late.giveUp()
    const diligent = broker.open(undefined)
    const events = ["e2", "e3"].map((id) => taking(broker, told(id)))
    expect((await fetched(diligent, 2)).map(([, id]) => id)).toEqual(["e2", "e3"])
    silent.acknowledge(1n)
    taking(broker, told("e4"))
    expect((await fetched(silent, 1)).map(([, id]) => id)).toEqual(["e4"])
    expect(events.map(({ outcome }) => outcome())).toEqual(["unknown", "unknown"])
  })
})

describe("a subscriber that goes away alone", () => {
  it("leaves what it has not acknowledged not safe, also what waited for it to have room", async () => {
    const broker = new Broker()
    const subscription = broker.open(undefined)
    const events = Array.from({ length: mostUnacknowledged + 2 }, (_, index) => taking(broker, told(`e${index}`)))
    await fetched(subscription, 1)
    subscription.acknowledge(1n)
    subscription.close()
    expect(events.map(({ outcome }) => outcome())).toEqual(
      events.map((_, index) => (index === 0 ? "safe" : "not safe"))
    )
    expect(await subscription.next()).toBeUndefined()
  })

  it("ends what waits for its next event", async () => {
    const subscription = new Broker().open(undefined)
    const next = subscription.next()
    subscription.close()
    expect(await next).toBeUndefined()
  })
})

describe("a subscriber has only so many events at once", () => {
  const many = (broker: Broker, count: number) =>
    Array.from({ length: count }, (_, index) => taking(broker, told(`e${index + 1}`)))

  it("and the others wait, in their order, for it to acknowledge", async () => {
    const broker = new Broker()
    const subscription = broker.open(undefined)
    many(broker, mostUnacknowledged + 3)
    await fetched(subscription, mostUnacknowledged)
    const next = fetched(subscription, 2)
    subscription.acknowledge(5n)
    subscription.acknowledge(6n)
    expect((await next).map(([, id]) => id)).toEqual([`e${mostUnacknowledged + 1}`, `e${mostUnacknowledged + 2}`])
  })

  it("or for nobody to wait for one that it has", async () => {
    const broker = new Broker()
    const subscription = broker.open(undefined)
    const [first] = many(broker, mostUnacknowledged + 1)
    await fetched(subscription, mostUnacknowledged)
    await first?.giveUp()
    expect((await fetched(subscription, 1)).map(([, id]) => id)).toEqual([`e${mostUnacknowledged + 1}`])
  })

  it("or for another to come", async () => {
    const broker = new Broker()
    broker.open(undefined)
    many(broker, mostUnacknowledged + 1)
    expect((await fetched(broker.open(undefined), 1)).map(([, id]) => id)).toEqual([`e${mostUnacknowledged + 1}`])
  })

  it("of which it holds none that it did not fetch and nobody waits for", async () => {
    const broker = new Broker()
    const subscription = broker.open(undefined)
    await Promise.all(many(broker, 3 * mostUnacknowledged).map(({ giveUp }) => giveUp()))
    taking(broker, told("last"))
    expect((await fetched(subscription, 1)).map(([, id]) => id)).toEqual(["last"])
  })
})

it("a closed broker has no subscribers, and gets none", async () => {
  const broker = new Broker()
  const subscription = broker.open(undefined)
  const event = taking(broker, told("e1"))
  broker.close()
  expect(event.outcome()).toBe("not safe")
  expect(await broker.open(undefined).next()).toBeUndefined()
  expect(await subscription.next()).toBeUndefined()
  expect(taking(broker, told("e2")).outcome()).toBe("not safe")
})
