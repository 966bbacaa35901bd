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

/**
 * The processor's promise about repeated writes: where the key goes, how long it is remembered and may be, whose keys are
 * one space, and what a repeat gets that has other content, that comes while the first still runs, or whose first ended
 * in an error.
 */
export const Idempotency = Schema.Struct({
  header: Schema.String,
  retention: Schema.Duration,
  maxLength: Schema.Int,
  scope: Schema.optional(Schema.Literals(["ACCOUNT", "ACCOUNT_AND_OPERATION", "COMPANY_AND_REGION"])),
  otherContent: Schema.optional(Schema.Literals(["REFUSED", "FIRST_ANSWER"])),
  concurrent: Schema.optional(Schema.Literals(["REFUSED", "MAY_BE_REFUSED"])),
  storedError: Schema.optional(Schema.Literals(["REPLAYED", "REPLAYED_UNLESS_TRANSIENT", "UNDOCUMENTED"]))
})
/** The processor's promise about repeated writes. */
export interface Idempotency extends Schema.Schema.Type<typeof Idempotency> {}

/** One flow of a connector, as its definition says. */
export const Flow = Schema.Struct({
  name: Schema.String,
  kind: Schema.Literals(["READ", "WRITE"]),
  paymentMethods: Schema.Array(Schema.String),
  requiredFields: Schema.Array(Schema.String),
  settling: Schema.optional(Schema.Literals(["LOOK_UP", "LIST", "AWAIT_WEBHOOK", "REPLAY"])),
  policy: Policy,
  idempotency: Schema.optional(Idempotency)
})
/** One flow of a connector. */
export interface Flow extends Schema.Schema.Type<typeof Flow> {}

/**
 * A connector's abilities: what `ConnectorService` answers. Without `webhookSecretJsonSchema` it takes no webhooks of its
 * processor's.
 */
export const Connector = Schema.Struct({
  id: Schema.String,
  flows: Schema.Array(Flow),
  credentialsJsonSchema: Schema.String,
  webhookSecretJsonSchema: Schema.optional(Schema.String)
})
/** A connector's abilities. */
export interface Connector extends Schema.Schema.Type<typeof Connector> {}
