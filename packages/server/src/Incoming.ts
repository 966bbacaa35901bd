import { BinaryReader } from "@bufbuild/protobuf/wire"
import { InvalidField } from "@connector-service/domain/Reason"
import { Metadata, ServerInterceptingCall, type ServerInterceptor, type StatusObject } from "@grpc/grpc-js"
import { Result } from "effect"

/** A request message as it arrived, with what grpc-js knows of its call and nice-grpc does not pass on. */
export class Incoming<Message> {
  readonly message: Result.Result<Message, InvalidField>
  /** When the caller stops waiting, in milliseconds since the epoch; undefined where it did not say. */
  deadline: number | undefined = undefined
  /** Called when the caller waits no more, and once when the call has ended. */
  onGone: (() => void) | undefined = undefined

  constructor(message: Result.Result<Message, InvalidField>) {
    this.message = message
  }
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
const decodeUtf8 = (bytes: Uint8Array): string => strictUtf8.decode(bytes)

/** A decoder that refuses what is not protobuf, or not UTF-8 where text is due, as the caller's mistake. */
export const incoming = <Message>(name: string, decode: (reader: BinaryReader) => Message) => {
  const malformed = new InvalidField({ field: "message", rule: `a valid ${name}: protobuf, and UTF-8 in every string` })
  return (bytes: Uint8Array): Incoming<Message> =>
    new Incoming(Result.try({ try: () => decode(new BinaryReader(bytes, decodeUtf8)), catch: () => malformed }))
}

/** Refuses a call before any more is done for it; undefined lets it go on. */
export type Gate = (
  metadata: Metadata,
  received: Incoming<unknown>
) => Pick<StatusObject, "code" | "details" | "metadata"> | undefined

/**
 * Gives each incoming message its call's deadline and cancellation, before nice-grpc sees it, which it does not where the
 * gate of its method, by its path, refuses the call.
 */
export const interceptor =
  (gates: ReadonlyMap<string, Gate>): ServerInterceptor =>
  (method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => {
        const gate = gates.get(method.path)
        let received: Incoming<unknown> | undefined
        let told = noMetadata
        next({
          onReceiveMetadata: (metadata, next) => {
            told = metadata
            next(metadata)
          },
          onReceiveMessage: (message, next) => {
            if (message instanceof Incoming) {
              const deadline = Number(call.getDeadline())
              if (Number.isFinite(deadline)) message.deadline = deadline
              received = message
              const refusal = gate?.(told, message)
              // whoever is not told of the message hears nothing more of the call
              if (refusal !== undefined) return call.sendStatus(refusal)
            }
            next(message)
          },
          onCancel: () => received?.onGone?.()
        })
      }
    })
const noMetadata = new Metadata()
