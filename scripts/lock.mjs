import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { stateFolder } from "./paths.mjs"
import { stopped, throwIfStopped } from "./processes.mjs"

const file = join(stateFolder, "lock")
const pollMillis = 200
const heartbeatMillis = 2_000
/** A holder that shows no life for this long while we watch is gone, whatever its process number says. */
const deadAfterMillis = 120_000

/** @typedef {{ host: string, process: number, group: number | null }} Holder */

const read = () => {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return undefined
  }
}

/** @param {number} id a process, or a group when negative */
const isAlive = (id) => {
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM"
  }
}

/** @param {string} text @returns {Holder | undefined} nothing when its writer died before it had written it all */
const parse = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @param {Holder | undefined} holder */
const mayBeAlive = (holder) =>
  holder === undefined ||
  holder.host !== hostname() ||
  isAlive(holder.process) ||
  // Its tool can outlive a set-up that was killed outright.
  (holder.group !== null && isAlive(-holder.group))

/** @param {string} text the lock we judged dead; another process may have replaced it since */
const remove = (text) => {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    if (readFileSync(aside, "utf8") !== text) linkSync(aside, file)
  } catch {
    // Someone else was faster: the next look tells.
  }
  rmSync(aside, { force: true })
}

const touchedAt = () => {
  try {
    return statSync(file).mtimeMs
  } catch {
    return 0
  }
}

/** @param {string} text */
const take = (text) => {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text)
  try {
    // A link appears whole or not at all, and fails where there is one already.
    linkSync(draft, file)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * Runs `work` while no other process on this tree runs any. `work` is given a function that notes the process group at work.
 * @template A
 * @param {(say: string) => void} tell
 * @param {(noteGroup: (group: number) => void) => Promise<A>} work
 * @returns {Promise<A>}
 */
export const exclusively = async (tell, work) => {
  mkdirSync(stateFolder, { recursive: true })
  /** @param {number | null} group */
  const note = (group) => JSON.stringify({ host: hostname(), process: process.pid, group })
  let told = false
  let seen = 0
  let seenSince = Date.now()
  while (!take(note(null))) {
    throwIfStopped()
    const text = read()
    if (text === undefined) continue
    const holder = parse(text)
    const touched = touchedAt()
    if (touched !== seen) {
      seen = touched
      seenSince = Date.now()
    }
    if (!mayBeAlive(holder) || Date.now() - seenSince > deadAfterMillis) {
      remove(text)
      continue
    }
    if (!told) {
      told = true
      tell(`Another set-up is at work in this folder (process ${holder?.process ?? "unknown"}); waiting for it to end.`)
    }
    await sleep(pollMillis, undefined, { signal: stopped }).catch(throwIfStopped)
  }
  const heartbeat = setInterval(() => {
    const now = new Date()
    try {
      utimesSync(file, now, now)
    } catch {
      // Someone removed .setup: the end of the work writes it anew.
    }
  }, heartbeatMillis)
  try {
    return await work((group) => writeFileSync(file, note(group)))
  } finally {
    clearInterval(heartbeat)
    rmSync(file, { force: true })
  }
}
