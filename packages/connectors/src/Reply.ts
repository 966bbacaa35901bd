import { type Reason, UnreadableReply } from "@connector-service/domain/Reason"
import type { Found } from "@connector-service/domain/Settlement"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { enable } from "effect/schema/SchemaJITCompiler"

/** A processor's answer, read to the end. Header names are in lower case. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
}

/**
 * The processor's word that this write, or one under its key, was there before. It says nothing of money until the
 * sender has looked up what is there.
 * `State`: the object's state does not allow it. `Key`: the key was used with other content. `InProgress`: a request
 * under this key is still running.
 */
export class Conflict extends Data.TaggedError("Conflict")<{
  readonly kind: "State" | "Key" | "InProgress"
  readonly rawCode: string
}> {}

/** What a reply says, once it could be read. */
export type Answer = Result.Result<unknown, Reason | Conflict>

/** Needs no service, so it cannot reach the network. */
export type Pure<A> = Effect.Effect<A, Reason>

/** What a look-up found of a write: its own, another's in its place, nothing, or a further page. */
export type Finding<Output> =
  | { readonly _tag: "Ours"; readonly value: Output }
  | { readonly _tag: "Others"; readonly found: Found }
  | { readonly _tag: "Absent" }
  | { readonly _tag: "More"; readonly cursor: string }

/** Reads a JSON body against `schema`, which holds only the fields we use, then says what it means. */
export const json = <Body, Call, Output>(
  schema: Schema.ConstraintDecoder<Body>,
  meaning: (body: Body, call: Call, reply: Reply) => Output
) => {
  enable(schema.ast)
  const decode = Schema.decodeUnknownResult(schema)
  return (reply: Reply, call: Call): Effect.Effect<Output, UnreadableReply> => {
    const body = Result.flatMap(
      Result.try((): unknown => JSON.parse(reply.text)),
      decode
    )
    return Result.isSuccess(body)
      ? Effect.succeed(meaning(body.success, call, reply))
      : Effect.fail(
          new UnreadableReply({ httpStatus: reply.status, description: "the body is not what the processor documents" })
        )
  }
}

/** Reads a JSON body that says no, as the reason it gives. */
export const jsonRejection = <Body>(
  schema: Schema.ConstraintDecoder<Body>,
  meaning: (body: Body, reply: Reply) => Reason | Conflict
) => {
  const read = json(schema, (body, _: undefined, reply) => meaning(body, reply))
  return (reply: Reply): Effect.Effect<never, Reason | Conflict> => Effect.flatMap(read(reply, undefined), Effect.fail)
}
