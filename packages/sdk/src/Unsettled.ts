import * as Settlement from "@connector-service/domain/Settlement"
import * as Schema from "effect/Schema"

/** What `client.settlement.settle` takes. */
export type Unsettled = Settlement.Unsettled

const Json = Schema.fromJsonString(Schema.toCodecJson(Settlement.Unsettled))

/** As JSON text, to be kept until it is settled. */
export const stringify: (unsettled: Unsettled) => string = Schema.encodeSync(Json)

/** From the JSON text that `stringify` gave. Throws on any other. */
export const parse: (text: string) => Unsettled = Schema.decodeUnknownSync(Json)
