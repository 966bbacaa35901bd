import { movedBy } from "../Claims.ts"
import type { History } from "../History.ts"
import { lookUpOf } from "../Unknown.ts"
import type { Control } from "./Control.ts"
import type { Writer } from "./Writer.ts"

/** A write of which its client does not know what became of it, though nothing goes wrong any more. */
export interface Left {
  readonly writer: Writer
  /** The status with which the processor answered the same call again; undefined where it was not asked. */
  readonly status: number | undefined
}

const turns = 3
const atOnce = 8

/** Has every client find out what it can, now that all is calm; gives those that could not. */
export const settleAll = async (writers: ReadonlyArray<Writer>, control: Control): Promise<ReadonlyArray<Left>> => {
  const open = writers.filter(({ isOpen }) => isOpen)
  const queue = [...open]
  const work = async (): Promise<void> => {
    for (let writer = queue.pop(); writer !== undefined; writer = queue.pop()) await writer.toItsEnd(turns)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  const left: Array<Left> = []
  // one after the other, so that what the processor is asked meanwhile is of this write
  for (const writer of open.filter(({ isOpen }) => isOpen)) {
    await control.ledger()
    await writer.toItsEnd(1)
    const { latest } = await control.ledger()
    const sent = latest.findLast(({ method, path }) => method === "POST" && !path.endsWith("/oauth2/token"))
    if (writer.isOpen) left.push({ writer, status: sent?.status ?? undefined })
  }
  return left
}

/**
 * Why a write may stay unknown; undefined where the documented rules settle it. The same call again settles where the
 * processor answers it with what it did; a look-up settles what it shows. Neither is of use where an error is all that
 * the processor remembers of the call, and it shows nothing or cannot be asked (docs/money-safety.md).
 */
export const excuse = (history: History, { status, writer }: Left): string | undefined => {
  const { operation } = writer.write
  const { connector, flow } = operation
  const calls = history.calls.filter((call) => call.operation === operation)
  const taken = movedBy(history, calls).length > 0
  const asks = lookUpOf(connector, flow) !== undefined
  if (status === undefined || status < 400 || (asks && taken)) return undefined
  return `${connector} ${flow}: answers the same call again with ${status}, ${asks ? "and the look-up shows nothing yet" : "and cannot be asked"}`
}
