import { movedBy } from "../Claims.ts"
import type { History, Operation } from "../History.ts"
import { lookUpOf } from "../Unknown.ts"
import type { Control } from "./Control.ts"
import { pause } from "./Run.ts"
import type { Writer } from "./Writer.ts"

/** A write of which its client does not know what became of it, though nothing goes wrong any more. */
export interface Left {
  readonly operation: Operation
  /** The status with which the processor answered the same call again; undefined where it was not asked. */
  readonly status: number | undefined
}

const atOnce = 4

/** The longest between two rounds, in milliseconds. */
const longestPause = 8_000

/** How often a client sends the same call again to a processor that answers it with an error, before it gives up. */
const patience = 2

/**
 * Whether the same call gets nothing from the processor but an error: the one that it keeps under the key, or at PayPal,
 * which does not promise its first answer again, a refusal to the repeat.
 */
const isStuck = ({ connector }: Operation, status: number | undefined): boolean =>
  status !== undefined && status >= (connector === "paypal" ? 400 : 500)

/**
 * Has every client find out what it can, now that all is calm; gives those that could not. It takes so many milliseconds at
 * most, by default more than twice as long as a circuit stays open.
 */
export const settleAll = async (
  writers: ReadonlyArray<Writer>,
  control: Control,
  longest = 80_000
): Promise<ReadonlyArray<Left>> => {
  const began = Date.now()
  const left: Array<Left> = []
  const leftBy = ({ key, write }: Writer): Left => ({ operation: write.operation, status: control.answers.get(key) })
  // what was answered while much went wrong says nothing of what is kept under a key
  await control.ledger()
  control.answers.clear()
  let open = writers.filter(({ isOpen }) => isOpen)
  for (let round = 0; open.length > 0 && Date.now() - began < longest; round++) {
    if (round > 0) await pause(Math.min(250 * 2 ** round, longestPause))
    const queue = [...open]
    const work = async (): Promise<void> => {
      for (let writer = queue.pop(); writer !== undefined; writer = queue.pop()) await writer.toItsEnd(1)
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    await control.ledger()
    open = open.filter(({ isOpen }) => isOpen)
    const hopeless =
      round + 1 < patience ? [] : open.filter(({ key, write }) => isStuck(write.operation, control.answers.get(key)))
    left.push(...hopeless.map(leftBy))
    open = open.filter((writer) => !hopeless.includes(writer))
  }
  return [...left, ...open.map(leftBy)]
}

/**
 * Why a write may stay unknown; undefined where the documented rules settle it (docs/money-safety.md). The same call again
 * settles where the processor answers it with what it did, and a look-up settles what it shows.
 */
export const excuse = (history: History, { operation, status }: Left): string | undefined => {
  const { connector, flow } = operation
  const calls = history.calls.filter((call) => call.operation === operation)
  const asks = lookUpOf(connector, flow) !== undefined
  if (!isStuck(operation, status) || (asks && movedBy(history, calls).length > 0)) return undefined
  const shows = asks ? "its look-up shows nothing yet" : "it cannot be asked"
  return `${connector} ${flow}: the same call is answered with ${status} again, and ${shows}`
}
