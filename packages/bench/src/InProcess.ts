import { catalog } from "@connector-service/connectors/catalog"
import { type Client, inProcess } from "@connector-service/sdk/InProcess"
import { answer } from "./Answering.ts"
import { payment, type Shop } from "./Payment.ts"
import { type Stretch, type Tallied, Tally } from "./Tally.ts"

/** Where the processors are, and which of them is called. */
export interface Setting {
  readonly origin: string
  readonly shop: Shop
}

interface Caller {
  readonly client: Client
  readonly input: typeof payment
}

const callerAt = ({ origin, shop: { connector, credentials, more, path } }: Setting): Caller => ({
  client: inProcess({
    connectors: catalog,
    connector,
    environment: "sandbox",
    credentials,
    configuration: { baseUrls: { [connector]: { sandbox: `${origin}${path}` } } }
  }),
  input: { ...payment, ...more }
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
