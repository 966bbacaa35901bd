import * as Redacted from "effect/Redacted"

/**
 * The text of a secret in an answer, to send it where it is meant for: `reveal(payment.nextAction.clientSecret)` to the
 * payer's browser. Printed, or as JSON, a secret is only its label.
 */
export const reveal = (secret: Redacted.Redacted<string>): string => Redacted.value(secret)
