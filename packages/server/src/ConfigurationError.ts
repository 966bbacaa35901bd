import { Schema } from "effect"

/** A setting that cannot be used; its message is one line that names the key and never repeats the value. */
export class ConfigurationError extends Schema.TaggedError<ConfigurationError>()("ConfigurationError", {
  key: Schema.String,
  rule: Schema.String
}) {
  /** One line. */
  override get message(): string {
    return `${this.key} must be ${this.rule}.`
  }
}

/** A name in upper snake case, as the environment's keys are: `httpPort` is `HTTP_PORT`. */
export const constantCase = (name: string): string =>
  name
    .replace(/[a-z0-9](?=[A-Z])/g, (letter) => `${letter}_`)
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase()
