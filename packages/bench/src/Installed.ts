import { execFile } from "node:child_process"
import { lstat, mkdir, readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const run = promisify(execFile)
const root = fileURLToPath(new URL("../../..", import.meta.url))

/** A package's name without its scope, and the path of its tarball. */
export type Tarballs = ReadonlyMap<string, string>

/** What the SDK needs of ours, itself included: npm would ask the registry for any that is not listed, and find none. */
export const sdkPackages = ["sdk", "proto", "domain", "codec", "connectors", "webhooks"] as const

/** Packs every package that is published into a folder, as `npm run pack` does. */
export const pack = async (folder: string): Promise<Tarballs> => {
  await run(process.execPath, ["scripts/run.mjs", "pack", "--pack-destination", folder], { cwd: root })
  const files = await readdir(folder)
  return new Map(
    files.flatMap((file) => {
      const [, name] = /^connector-service-(.+)-\d+\.\d+\.\d+\.tgz$/.exec(file) ?? []
      return name === undefined ? [] : [[name, join(folder, file)]]
    })
  )
}

/** Makes a project without dependencies. */
export const emptyProject = async (folder: string): Promise<void> => {
  await mkdir(folder)
  await writeFile(join(folder, "package.json"), '{ "private": true }')
}

/** Adds some of the packages to a project by `npm install`. */
export const install = async (folder: string, tarballs: Tarballs, names: ReadonlyArray<string>): Promise<void> => {
  const paths = names.flatMap((name) => tarballs.get(name) ?? [])
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...paths], { cwd: folder })
}

/** Bytes that a folder and all in it take on the disk. */
export const diskUse = async (folder: string): Promise<number> => {
  const entries = await readdir(folder, { recursive: true })
  const sizes = await Promise.all(entries.map(async (entry) => (await lstat(join(folder, entry))).blocks * 512))
  return sizes.reduce((sum, size) => sum + size, 0)
}
