import type { Reason } from "./Reason.ts"
import { statusOf } from "./Status.ts"

/** A reason in one sentence, without a secret in it. */
export const sentenceOf = (reason: Reason): string => {
  const text = told(reason)
  return /[.!?]$/.test(text) ? text : `${text}.`
}

const told = (reason: Reason): string => {
  switch (reason._tag) {
    case "UnknownConnector":
      return `No such connector; known are: ${reason.known.join(", ")}.`
    case "UnsupportedFlow":
      return `The connector has no such flow; it has: ${reason.supported.join(", ")}.`
    case "UnsupportedPaymentMethod":
      return `The connector does not take ${reason.paymentMethod} here; it takes: ${reason.supported.join(", ")}.`
    case "MissingField":
      return `${reason.field} is missing.`
    case "InvalidField":
      return `${reason.field} must be ${reason.rule}.`
    case "InvalidCredentials":
      return reason.refusedByProcessor
        ? `The processor refused the credentials: ${reason.description}`
        : `The credentials cannot be used: ${reason.description}`
    case "Overloaded":
      return "The service has too much to do; nothing was sent."
    case "CircuitOpen":
      return "The processor has been failing; nothing was sent."
    case "Unreachable":
      return `The processor could not be reached (${reason.description}); nothing was sent.`
    case "RateLimited":
      return "The processor turned the request away for now; nothing was done."
    case "Declined":
      return `The payment was refused: ${reason.decline.code} (${reason.decline.rawCode}).`
    case "Rejected":
      return `The processor refused the request with ${reason.httpStatus} ${reason.rawCode}: ${reason.rawMessage}`
    case "WrongState":
      return reason.found === undefined
        ? `The processor refused it in its present state (${reason.rawCode}).`
        : `The processor refused it in its present state (${reason.rawCode}): it is ${statusOf(reason.found)}.`
    case "Duplicate":
      return reason.found === undefined
        ? `The reference was used before with other content (${reason.rawCode}).`
        : `The reference was used before with other content (${reason.rawCode}); what it made is ${statusOf(reason.found)}.`
    case "KeyExpired":
      return "The processor no longer remembers this reference's key, so it was not sent again."
    case "UnknownOutcome":
      return `The outcome is unknown (${reason.description}): money may have moved.`
    case "AmountMismatch":
      return `The processor has it for another amount than was asked: it is ${statusOf(reason.found)}.`
    case "UnreadableReply":
      return `The processor's reply could not be read: ${reason.description}`
    case "InvalidSignature":
      return "Nothing proves that the delivery comes from the processor."
    case "StaleTimestamp":
      return "The delivery is genuine, and older or younger than the processor's scheme allows."
    case "UnknownSecret":
      return "There is no secret to prove the delivery with, or one is not of the connector's form."
    case "Unreadable":
      return `The delivery could not be read: ${reason.description}`
  }
}
