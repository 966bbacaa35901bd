import { catalog } from "@connector-service/connectors/catalog"
import { type Client, inProcess } from "@connector-service/sdk/InProcess"
import { answer } from "./Answering.ts"
import { credentials, payment } from "./Payment.ts"
import { type Stretch, type Tallied, Tally } from "./Tally.ts"

const clientAt = (origin: string): Client =>
  inProcess({
    connectors: catalog,
    connector: "stripe",
    environment: "sandbox",
    credentials,
    configuration: { baseUrls: { stripe: { sandbox: origin } } }
  })

const many = async (client: Client, { concurrency, millis }: Stretch): Promise<Tallied> => {
  const tally = new Tally({ concurrency, millis })
  const worker = async (): Promise<void> => {
    for (let more = true; more; ) {
      const began = tally.begin()
      const right = await client.payment.authorize(payment).then(
        ({ status }) => status === "AUTHORIZED",
        () => false
      )
      more = tally.end(began, right)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return tally.tallied
}

let client: Client | undefined

const questions = {
  /** Prepares the client; `origin` is where the processor is. */
  prepare: (origin: string): void => {
    client = clientAt(origin)
  },
  /** Keeps so many calls under way for so long. */
  many: (stretch: Stretch): Promise<Tallied> =>
    client === undefined ? Promise.reject(new Error("not prepared")) : many(client, stretch)
}
/** The questions of the process that calls the connectors in itself, as a caller does. */
export type InProcess = typeof questions

answer(questions)
