import type { Payment } from "@connector-service/domain/Payment"
import type { Reply } from "@connector-service/sandbox/Processor"
import type { ConnectorId } from "./Faults.ts"
import type { Processors } from "./Processors.ts"

/** What a payer presses on the processors' test pages. */
export const words = {
  stripe: { approves: "outcome=complete", fails: "outcome=fail" },
  adyen: { approves: "choice=authorise", fails: "choice=refuse" },
  paypal: { approves: "outcome=approve", fails: "outcome=approve-declined" }
} as const satisfies Readonly<Record<ConnectorId, object>>

type Brought = Readonly<Record<string, string>> | undefined

/** What a processor's page answers to a form. */
const posted = (processors: Processors, connector: ConnectorId, url: string, body: string): Reply | undefined => {
  const { pathname, search } = new URL(url)
  let reply: Reply | undefined
  processors.act(
    connector,
    undefined,
    {
      method: "POST",
      path: pathname.replace(`/${connector}`, ""),
      query: search.slice(1),
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body
    },
    {},
    (handled) => {
      reply = handled.reply
    }
  )
  return reply
}

/** The browser is looked at, which asks nothing of the payer; gives what it brings back. */
export const looksAt = ({ nextAction }: Payment): Brought =>
  nextAction?._tag === "Challenge" && nextAction.step === "FINGERPRINT" ? { threeDSCompInd: "Y" } : undefined

/** The payer does what is asked on the page that the payment names; gives what the browser brings back. */
export const pays = (
  processors: Processors,
  connector: ConnectorId,
  { nextAction }: Payment,
  how: "approves" | "fails"
): Brought => {
  const word = words[connector][how]
  if (nextAction?._tag === "Challenge" && nextAction.url !== undefined) {
    const form = `${new URLSearchParams(nextAction.fields)}&${word}`
    const [, cres] =
      / name="cres" value="([^"]*)"/.exec(posted(processors, connector, nextAction.url, form)?.body ?? "") ?? []
    return cres === undefined ? undefined : { cres }
  }
  if (nextAction?._tag !== "Redirect") return undefined
  const location = posted(processors, connector, nextAction.url, word)?.headers.Location
  return location === undefined ? undefined : Object.fromEntries(new URL(location).searchParams)
}
