import { input } from "@connector-service/domain/Input"
import type { InvalidField, MissingField } from "@connector-service/domain/Reason"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { judge, refused } from "./Judge.ts"

/** One method's messages and values: servers decode requests, checking every rule, and clients decode responses, trusting them. */
export interface Codec<Request, Response, RequestMessage, ResponseMessage> {
  readonly request: {
    readonly toProto: (request: Request) => RequestMessage
    readonly fromProto: (message: RequestMessage) => Result.Result<Request, MissingField | InvalidField>
  }
  readonly response: {
    readonly toProto: (response: Response) => ResponseMessage
    readonly fromProto: (message: ResponseMessage) => Response
  }
}

/** A message with every field named, so that one that is forgotten does not compile. */
export type Full<Message> = { [Key in keyof Message]-?: Message[Key] }

/** What a message holds before the schema has judged it: every field named, any absent, a number where an enum's is unknown. */
export type Given<Encoded> = Encoded extends string | number | bigint | boolean | Date | Uint8Array
  ? Encoded | number | undefined
  : Encoded extends object
    ? { readonly [Key in keyof Encoded]-?: Given<Encoded[Key]> | undefined }
    : undefined

/** How a request is read and written. */
export interface RequestParts<S extends Schema.ConstraintDecoder<unknown>, Message> {
  readonly toProto: (request: S["Type"]) => Full<Message>
  readonly given: (message: Message) => Given<S["Encoded"]>
}

/** The request half of a codec: `given` draws the plain object that the schema then judges. */
export const request = <S extends Schema.ConstraintDecoder<unknown>, Message>(
  schema: S,
  { given, toProto }: RequestParts<S, Message>
): Codec<S["Type"], never, Message, never>["request"] => {
  const judged = judge(schema.ast)
  const decode = input(schema)
  return {
    toProto,
    fromProto: (message) => {
      const value = judged(given(message))
      // the judge gives what the schema's decoder does, which is the schema's type
      if (value !== refused) return Result.succeed(value as S["Type"])
      return decode(given(message))
    }
  }
}
