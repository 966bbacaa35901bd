import * as Domain from "@connector-service/domain/Reason"
import * as Schema from "effect/Schema"

/**
 * The one error that the methods' effects fail with: the domain's own, with what the SDK knows beside it. Nothing that
 * it prints holds a secret.
 */
export class ConnectorError extends Domain.ConnectorError.extend<ConnectorError>("ConnectorError")({
  /** The call's `x-request-id`, under which the service logged it. */
  requestId: Schema.String,
  /** The sentence to give in place of the reason's own. */
  sentence: Schema.optional(Schema.String)
}) {
  /** Why, in one sentence. */
  override get message(): string {
    return this.sentence ?? super.message
  }
  /** Everything but the stack, fit for a log: amounts as decimal strings, times as ISO 8601, durations in milliseconds. */
  override toJSON(): Readonly<Record<string, unknown>> {
    return { ...super.toJSON(), requestId: this.requestId }
  }
}
