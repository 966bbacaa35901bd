import { setTimeout as sleep } from "node:timers/promises"
import type { Log } from "./Log.ts"

/** What all clients of a run share. */
export interface Run {
  readonly seed: string
  readonly log: Log
  /** Clients raise the attempt though the outcome is unknown: the run must then fail. */
  readonly breaks: boolean
  /** Nothing goes wrong any more. */
  calm: boolean
  /** No more is begun. */
  over: boolean
}

/** Waits, in milliseconds. */
export const pause = (millis: number): Promise<void> => sleep(millis)
