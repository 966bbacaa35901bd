import { mistakes, rounds } from "@connector-service/bench/Rounds"
import { trials } from "@connector-service/bench/Safety"
import { stand } from "@connector-service/bench/Stand"
import { expect, it } from "vitest"

it("measures the floor, the server and the same call in process, and the upstream counts every call", {
  timeout: 60_000
}, async () => {
  const standing = await stand()
  const plan = { rounds: 1, stretch: 50, warmUp: { calls: 1, millis: 1000 }, startUps: 0, trials: 2 }
  const samples = await rounds(standing, plan)
  const tried = await trials(standing, plan).finally(standing.end)
  expect(mistakes([...samples, ...tried.flat()])).toEqual([])
  expect(tried.map((one) => one.map(({ name }) => name))).toEqual([
    ["sender", "unprotected", "door"],
    // each is in turn the first
    ["unprotected", "door", "sender"]
  ])
  expect(samples.map(({ concurrency, name }) => `${name} at ${concurrency}`)).toEqual([
    "floor at 1",
    "server at 1",
    "in process, stripe at 1",
    "in process, adyen at 1",
    "in process, paypal at 1",
    "floor at 64",
    "server at 64",
    "in process, stripe at 64",
    "in process, adyen at 64",
    "in process, paypal at 64"
  ])
})
