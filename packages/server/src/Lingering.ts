import {
  type CallContext,
  ServerError,
  type ServerMiddleware,
  type ServerMiddlewareCall,
  Status
} from "nice-grpc-common"

/** The messages of a stream until `signal` is aborted. */
async function* until<Message>(messages: AsyncIterable<Message>, signal: AbortSignal): AsyncGenerator<Message> {
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener("abort", () => resolve(undefined), { once: true })
  })
  const iterator = messages[Symbol.asyncIterator]()
  for (;;) {
    const next = await Promise.race([iterator.next(), aborted])
    if (next === undefined || next.done === true) return
    yield next.value
  }
}

const isStream = <Message>(request: Message | AsyncIterable<Message>): request is AsyncIterable<Message> =>
  typeof request === "object" && request !== null && Symbol.asyncIterator in request

/** Ends, when `stopping` is aborted, the streams that callers would otherwise keep open for as long as they like. */
export const endWhen = (stopping: AbortSignal): ServerMiddleware =>
  async function* <Request, Response>(
    call: ServerMiddlewareCall<Request, Response>,
    context: CallContext
    // biome-ignore lint/suspicious/noConfusingVoidType: nice-grpc's own type
  ): AsyncGenerator<Response, Response | void, undefined> {
    const { request } = call
    const signal = AbortSignal.any([context.signal, stopping])
    // a middleware of nice-grpc says how a call ends by throwing
    try {
      return yield* call.next(isStream(request) ? until(request, signal) : request, { ...context, signal })
    } catch (error) {
      if (stopping.aborted) throw new ServerError(Status.UNAVAILABLE, "This server is stopping.")
      throw error
    }
  }
