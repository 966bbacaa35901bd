/** What a process of the benchmark can be asked, by name: one value in, one value out. */
export type Questions = { readonly [name: string]: (given: never) => unknown }

/** A question on its way to a process. */
export interface Question {
  readonly id: number
  readonly name: string
  readonly given: unknown
}

/** The answer to it, or why there is none. */
export interface Reply {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

const isQuestion = (message: unknown): message is Question =>
  typeof message === "object" && message !== null && "id" in message && "name" in message

/** Answers the questions of the process that started this one; ends when that one is gone. */
export const answer = (questions: Questions): void => {
  const reply = (reply: Reply) => process.send?.(reply)
  process.on("message", (message) => {
    if (!isQuestion(message) || !Object.hasOwn(questions, message.name)) return
    const { given, id, name } = message
    // the asking side types each question with the very function that answers it
    const question = questions[name] as (given: unknown) => unknown
    new Promise((resolve) => resolve(question(given))).then(
      (value) => reply({ id, value }),
      (error: unknown) => reply({ id, error: String(error) })
    )
  })
  process.once("disconnect", () => process.exit(0))
  process.channel?.ref()
}
