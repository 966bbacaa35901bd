import { createServer } from "node:http"
import { Webhook } from "standardwebhooks"

/** What of an event is looked at here; `data` is payments.v1.Event as JSON. */
interface CloudEvent {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly data: unknown
}

/** Takes events; `keep` writes one down under its id, unless that is there already. */
export const consumer = (secret: string, keep: (id: string, event: CloudEvent) => Promise<void>) => {
  const webhook = new Webhook(secret)
  return createServer(async (request, response) => {
    try {
      const chunks: Array<Buffer> = []
      for await (const chunk of request) chunks.push(chunk)
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      // throws unless the secret signed these very bytes, lately
      const event = webhook.verify(Buffer.concat(chunks), headers) as CloudEvent
      await keep(headers["webhook-id"] ?? "", event)
      response.writeHead(204).end()
    } catch {
      response.writeHead(500).end()
    }
  })
}
