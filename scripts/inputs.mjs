import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./paths.mjs"

const outputFolders = new Set(["node_modules", "dist"])

/** @param {string} path relative to the root @returns {string[]} the files under it, or it alone if it is a file */
const filesUnder = (path) => {
  const entries = readdirSync(join(root, path), { withFileTypes: true })
  return entries.flatMap((entry) => {
    const inner = `${path}/${entry.name}`
    if (entry.isDirectory()) return outputFolders.has(entry.name) ? [] : filesUnder(inner)
    return entry.isFile() ? [inner] : []
  })
}

/** The folders of the workspace's packages, relative to the root. */
export const packageFolders = () => [
  "proto",
  ...readdirSync(join(root, "packages"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, "packages", entry.name, "package.json")))
    .map((entry) => `packages/${entry.name}`)
    .sort()
]

/** Those of them that others install. */
export const publishedFolders = () =>
  packageFolders().filter(
    (folder) => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")).private !== true
  )

/** What set-up itself does is an input of every step. */
const ownFiles = () => filesUnder("scripts").filter((file) => file.endsWith(".mjs"))

/** What decides which packages are installed. */
export const installInputs = () => [
  ...["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc"].filter((file) => existsSync(join(root, file))),
  ...packageFolders().map((folder) => `${folder}/package.json`)
]

/** What the generated code depends on. */
export const generateInputs = () => [
  "pnpm-lock.yaml",
  ...filesUnder("proto").filter((file) => /\.(proto|yaml)$/.test(file)),
  ...ownFiles()
]

/** What the compiled packages and the bundles depend on: the sources and the generated code. */
export const buildInputs = () => [
  "pnpm-lock.yaml",
  "tsconfig.base.json",
  "tsconfig.json",
  ...packageFolders().flatMap((folder) => [
    `${folder}/package.json`,
    `${folder}/tsconfig.json`,
    ...["src", "gen"]
      .filter((inner) => existsSync(join(root, folder, inner)))
      .flatMap((inner) => filesUnder(`${folder}/${inner}`))
  ]),
  ...ownFiles()
]

/** @param {readonly string[]} files relative to the root @returns {string} a hash of their names and contents on this platform */
export const fingerprint = (files) => {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`)
  for (const file of [...files].sort()) {
    const content = readFileSync(join(root, file))
    hash.update(`${file}\n${content.length}\n`).update(content)
  }
  return hash.digest("hex")
}
