/** What the reader is told in place of a stack: one line that says what went wrong. */
export class Failure extends Error {
  override readonly name = "Failure"
}

/** A promise of nothing but that line. */
export const fail = (line: string): Promise<never> => Promise.reject(new Failure(line))
