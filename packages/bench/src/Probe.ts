import { type Profiler, Session } from "node:inspector/promises"
import { answer } from "./Answering.ts"

/** What a process has used since it started. */
export interface Usage {
  /** Microseconds of CPU, all threads. */
  readonly cpu: number
  /** Resident bytes now. */
  readonly resident: number
}

const session = new Session()

const questions = {
  usage: (): Usage => {
    const { system, user } = process.cpuUsage()
    return { cpu: user + system, resident: process.memoryUsage.rss() }
  },
  /** Starts sampling this process's main thread, every so many microseconds. */
  startProfile: async (interval: number): Promise<void> => {
    session.connect()
    await session.post("Profiler.enable")
    await session.post("Profiler.setSamplingInterval", { interval })
    await session.post("Profiler.start")
  },
  /** Ends it and gives the profile. */
  endProfile: async (): Promise<Profiler.Profile> => {
    const { profile } = await session.post("Profiler.stop")
    session.disconnect()
    return profile
  }
}
/** The questions of every measured process. */
export type Probe = typeof questions

// Loaded before programs that know nothing of it: what keeps them running is their own affair.
answer(questions)
process.channel?.unref()
