import { PaymentError } from "./PaymentError.ts"

/** An answer or an error, told apart by `ok`. */
export type Result<A> = { readonly ok: true; readonly value: A } | { readonly ok: false; readonly error: PaymentError }

/**
 * The outcome of a call as a value: `const outcome = await result(client.payment.capture(…))`. A `catch` gets `unknown`;
 * this keeps the error's type, so that the compiler sees whether every reason was thought of.
 */
export const result = <A>(call: Promise<A>): Promise<Result<A>> =>
  call.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => (error instanceof PaymentError ? { ok: false, error } : Promise.reject(error))
  )
