import {
  type Answer,
  answer,
  type Body,
  type OnEvents,
  type Receiver,
  usualLimit,
  type WebhookOptions
} from "./Handling.ts"

export type { OnEvents, Receiver, WebhookOptions } from "./Handling.ts"

const advice = "Hand over the request before anything else reads it, or a clone() of it."

/** Path and query of an absolute URL, as they were sent. */
const target = (url: string): string => {
  const [, rest = "/"] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^#]*)/i.exec(url) ?? [url, url]
  return rest.startsWith("/") ? rest : `/${rest}`
}

const read = async (body: AsyncIterable<Uint8Array>, limit: number): Promise<Body> => {
  const chunks: Array<Uint8Array> = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit) return { _tag: "TooLong" }
    chunks.push(chunk)
  }
  return { _tag: "Read", bytes: Buffer.concat(chunks) }
}

const bodyOf = ({ body, bodyUsed }: Request, limit: number): Promise<Body> => {
  if (bodyUsed) return Promise.resolve({ _tag: "Gone", advice })
  if (body === null) return Promise.resolve({ _tag: "Read", bytes: new Uint8Array() })
  return read(body, limit).catch(() => ({ _tag: "Cut" }))
}

const responseOf = ({ body, contentType, status }: Answer): Response =>
  new Response(body ?? null, { status, ...(contentType !== undefined && { headers: { "content-type": contentType } }) })

/** A handler of deliveries for whatever speaks `Request` and `Response`: one route, one target. */
export const webhook =
  (receiver: Receiver, onEvents: OnEvents, options: WebhookOptions = {}) =>
  async (request: Request): Promise<Response> => {
    const { headers, method, url } = request
    const body = await bodyOf(request, options.limit ?? usualLimit)
    return responseOf(
      await answer(receiver, onEvents, options, { method, url: target(url), headers: [...headers] }, body)
    )
  }
