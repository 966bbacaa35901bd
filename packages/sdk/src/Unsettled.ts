import * as Settlement from "@connector-service/domain/Settlement"
import * as Schema from "effect/Schema"

/** What `client.settlement.settle` takes. */
export type Unsettled = Settlement.Unsettled

const makeCodec = () => {
  const Json = Schema.fromJsonString(Schema.toCodecJson(Settlement.Unsettled))
  return { encode: Schema.encodeSync(Json), decode: Schema.decodeUnknownSync(Json) }
}
let made: ReturnType<typeof makeCodec> | undefined
/** Made when it is first used: an import need not wait for it. */
const codec = () => {
  made ??= makeCodec()
  return made
}

/** As JSON text, to be kept until it is settled. */
export const stringify = (unsettled: Unsettled): string => codec().encode(unsettled)

/** From the JSON text that `stringify` gave. Throws on any other. */
export const parse = (text: string): Unsettled => codec().decode(text)
