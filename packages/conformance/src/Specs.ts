import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parse } from "yaml"
import { isObject, type JsonObject } from "./Json.ts"

/** The folder of published specifications: `SPECS_DIR`, or `../shared/specs` beside the project's root. */
export const specsDir = (): string =>
  process.env.SPECS_DIR ?? fileURLToPath(new URL("../../../../shared/specs", import.meta.url))

/** Whether the published files are here. With `CI=true` their absence throws, so that a run there cannot skip in silence. */
export const specsAvailable = (): boolean => {
  const available = existsSync(specsDir())
  if (!available && process.env.CI === "true") {
    throw new Error(`Published specifications not found in ${specsDir()}; set SPECS_DIR`)
  }
  return available
}

const loaded = new Map<string, JsonObject>()

/** A published file by its path inside the folder (`stripe/spec3-2023-09-12.json`), JSON or YAML, parsed once a process. Do not change it. */
export const loadSpec = (file: string): JsonObject => {
  const path = join(specsDir(), file)
  const known = loaded.get(path)
  if (known !== undefined) return known
  const text = readFileSync(path, "utf8")
  const document: unknown = file.endsWith(".json") ? JSON.parse(text) : parse(text, { maxAliasCount: -1 })
  if (!isObject(document)) throw new Error(`${file} does not hold an object`)
  loaded.set(path, document)
  return document
}
