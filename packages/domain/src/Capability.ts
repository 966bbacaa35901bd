import * as Schema from "effect/Schema"

/** Repeats with growing delays. */
export const Repeats = Schema.Struct({
  times: Schema.Int,
  first: Schema.Duration,
  cap: Schema.Duration,
  patience: Schema.Duration
})
/** Repeats with growing delays. */
export interface Repeats extends Schema.Schema.Type<typeof Repeats> {}

/** Time limits and repeats of a flow. */
export const Policy = Schema.Struct({
  timeout: Schema.Duration,
  maxSends: Schema.Int,
  answerMargin: Schema.Duration,
  connectTimeout: Schema.Duration,
  firstByteTimeout: Schema.Duration,
  retry: Repeats,
  settle: Repeats,
  leastTime: Schema.Duration
})

/** One flow of a connector, as its definition says. */
export const Flow = Schema.Struct({
  name: Schema.String,
  kind: Schema.Literals(["READ", "WRITE"]),
  paymentMethods: Schema.Array(Schema.String),
  requiredFields: Schema.Array(Schema.String),
  settling: Schema.optional(Schema.Literals(["LOOK_UP", "AWAIT_WEBHOOK", "REPLAY"])),
  policy: Policy,
  idempotency: Schema.optional(
    Schema.Struct({ header: Schema.String, retention: Schema.Duration, maxLength: Schema.Int })
  )
})
/** One flow of a connector. */
export interface Flow extends Schema.Schema.Type<typeof Flow> {}

/** A connector's abilities: what `ConnectorService` answers. */
export const Connector = Schema.Struct({
  id: Schema.String,
  flows: Schema.Array(Flow),
  credentialsJsonSchema: Schema.String
})
/** A connector's abilities. */
export interface Connector extends Schema.Schema.Type<typeof Connector> {}
