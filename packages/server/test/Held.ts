import { createServer, type ServerResponse } from "node:http"

/** An upstream that answers nothing until it is told to. */
export interface Held {
  readonly url: string
  /** The references of the payments that came, in order. */
  readonly came: Array<string>
  /** Answers the one with this reference: declined. */
  readonly release: (reference: string) => void
  readonly close: () => Promise<void>
}

/** https://docs.stripe.com/api/errors: a card error, with HTTP status 402 */
const declined = JSON.stringify({
  error: {
    type: "card_error",
    code: "card_declined",
    decline_code: "generic_decline",
    message: "Your card was declined."
  }
})

/** Starts it. It speaks as Stripe does. */
export const holding = async (): Promise<Held> => {
  const came: Array<string> = []
  const held = new Map<string, ServerResponse>()
  const server = createServer((request, response) => {
    let body = ""
    request.on("data", (chunk) => (body += chunk))
    request.on("end", () => {
      const reference = new URLSearchParams(body).get("metadata[reference]") ?? ""
      held.set(reference, response)
      came.push(reference)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    came,
    release: (reference) => {
      held.get(reference)?.writeHead(402, { "content-type": "application/json" }).end(declined)
      held.delete(reference)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}
