import { mistakes, rounds } from "@connector-service/bench/Rounds"
import { stand } from "@connector-service/bench/Stand"
import { expect, it } from "vitest"

it("measures the floor, the server and the same call in process, and the upstream counts every call", {
  timeout: 60_000
}, async () => {
  const standing = await stand()
  const samples = await rounds(standing, {
    rounds: 1,
    stretch: 50,
    warmUp: { calls: 1, millis: 1000 },
    startUps: 0
  }).finally(standing.end)
  expect(mistakes(samples)).toEqual([])
  expect(samples.map(({ concurrency, name }) => `${name} at ${concurrency}`)).toEqual([
    "floor at 1",
    "server at 1",
    "in process, stripe at 1",
    "in process, adyen at 1",
    "in process, paypal at 1",
    "unprotected at 1",
    "behind the door at 1",
    "floor at 64",
    "server at 64",
    "in process, stripe at 64",
    "in process, adyen at 64",
    "in process, paypal at 64",
    "unprotected at 64",
    "behind the door at 64"
  ])
})
