import { catalog } from "@connector-service/connectors/catalog"
import { type Client, client, inProcess } from "@connector-service/sdk/InProcess"
import { over } from "@connector-service/sdk/inprocess/Transport"
import { Duration } from "effect"
import { answer } from "./Answering.ts"
import { payment, type Shop } from "./Payment.ts"
import { type Stretch, type Tallied, Tally } from "./Tally.ts"
import { connectorsBy, type Way } from "./Ways.ts"

/** Where the processors are, which of them is called, and by which way. */
export interface Setting {
  readonly origin: string
  readonly shop: Shop
  /** Absent where it is called as every program calls it. */
  readonly way?: Way
  /** The idempotency key that the sender gives to this call. */
  readonly key: string
}

interface Caller {
  readonly client: Client
  readonly input: typeof payment
}

const clientAt = ({ key, origin, shop: { connector, credentials, path }, way }: Setting): Client => {
  const baseUrl = `${origin}${path}`
  const target = { connector, environment: "sandbox", credentials } as const
  const configuration = { baseUrls: { [connector]: { sandbox: baseUrl } } }
  if (way === undefined) return inProcess({ connectors: catalog, ...target, configuration })
  // what inProcess does, over connectors that are given
  const connectors = connectorsBy(way, key, { answerMargin: Duration.zero, ...configuration })
  return client(over(connectors, undefined), { target })
}

const callerAt = (setting: Setting): Caller => ({
  client: clientAt(setting),
  input: { ...payment, ...setting.shop.more }
})

const many = async ({ client, input }: Caller, { concurrency, millis }: Stretch): Promise<Tallied> => {
  const tally = new Tally({ concurrency, millis })
  const worker = async (): Promise<void> => {
    for (let more = true; more; ) {
      const began = tally.begin()
      const right = await client.payment.authorize(input).then(
        ({ status }) => status === "AUTHORIZED",
        () => false
      )
      more = tally.end(began, right)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return tally.tallied
}

let caller: Caller | undefined

const questions = {
  /** Prepares the client. */
  prepare: (setting: Setting): void => {
    caller = callerAt(setting)
  },
  /** Keeps so many calls under way for so long. */
  many: (stretch: Stretch): Promise<Tallied> =>
    caller === undefined ? Promise.reject(new Error("not prepared")) : many(caller, stretch)
}
/** The questions of the process that calls the connectors in itself, as a caller does. */
export type InProcess = typeof questions

answer(questions)
