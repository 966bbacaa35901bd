import { HttpRequestInterceptor } from "@mswjs/interceptors/http"
import type { HttpRequest } from "./OpenApi.ts"

/** A request as an SDK wrote it: absolute URL, header names in lower case, the body as text (empty when there is none). */
export type CapturedRequest = HttpRequest & {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The answer to give an SDK; a `body` that is not text is sent as JSON. */
export type CannedReply = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

const responseOf = ({ status, headers, body }: CannedReply): Response =>
  typeof body === "string"
    ? new Response(body, { status, ...(headers && { headers }) })
    : Response.json(body, { status, ...(headers && { headers }) })

/**
 * What an official SDK sends while `run` runs, each request answered by `reply` and none reaching a network. An SDK's
 * own refusal of a reply is ignored; an error before anything was sent is thrown. All HTTP of the process is caught: do not overlap two runs.
 */
export const captureRequests = async (
  run: () => Promise<unknown>,
  reply: (request: CapturedRequest) => CannedReply
): Promise<ReadonlyArray<CapturedRequest>> => {
  const captured: Array<CapturedRequest> = []
  const interceptor = new HttpRequestInterceptor()
  interceptor.on("request", async ({ request, controller }) => {
    const one: CapturedRequest = {
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      contentType: request.headers.get("content-type") ?? undefined,
      body: await request.clone().text()
    }
    captured.push(one)
    controller.respondWith(responseOf(reply(one)))
  })
  interceptor.apply()
  const [outcome] = await Promise.allSettled([Promise.resolve().then(run)])
  interceptor.dispose()
  if (outcome.status === "rejected" && captured.length === 0) throw outcome.reason
  return captured
}
