import { type PaymentError, result } from "../src/Client.ts"

/** The error that a call rejects with. */
export const errorOf = async (call: Promise<unknown>): Promise<PaymentError> => {
  const outcome = await result(call)
  if (outcome.ok) throw new Error("expected an error")
  return outcome.error
}

/** What an error of unknown outcome hands over to be settled. */
export const unsettledOf = (error: PaymentError) => {
  if (error.reason._tag !== "UnknownOutcome") throw new Error(`expected UnknownOutcome, got ${error.reason._tag}`)
  return error.reason.unsettled
}
