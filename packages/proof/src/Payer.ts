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

/** The payer does what is asked on the page that the payment names; gives what the browser brings back. */
export const pays = (
  processors: Processors,
  connector: ConnectorId,
  { nextAction }: Payment,
  how: "approves" | "fails"
): Readonly<Record<string, string>> | undefined => {
  if (nextAction?._tag !== "Redirect") return undefined
  const { pathname, search } = new URL(nextAction.url)
  let reply: Reply | undefined
  processors.act(
    connector,
    undefined,
    {
      method: "POST",
      path: pathname.replace(`/${connector}`, ""),
      query: search.slice(1),
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: words[connector][how]
    },
    {},
    (handled) => {
      reply = handled.reply
    }
  )
  const location = reply?.headers.Location
  return location === undefined ? undefined : Object.fromEntries(new URL(location).searchParams)
}
