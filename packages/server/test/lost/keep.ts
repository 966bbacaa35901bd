import { closeSync, fsyncSync, openSync, writeSync } from "node:fs"

/** Keeps a line for good: what is acknowledged after that outlives this process. */
export const keep = (file: string, line: string): void => {
  const kept = openSync(file, "a")
  writeSync(kept, `${line}\n`)
  fsyncSync(kept)
  closeSync(kept)
}
