import { delimiter, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"

/** The folder that holds package.json. */
export const root = resolve(fileURLToPath(new URL("..", import.meta.url)))

/** Where set-up notes what it has done; never committed. */
export const stateFolder = join(root, ".setup")

/** Where the packages' commands are, Node 24 among them. */
export const binFolder = join(root, "node_modules", ".bin")

const inherited = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== binFolder)

/** The environment of everything that runs after the install: the installed Node and tools come first. */
export const toolEnvironment = { ...process.env, PATH: [binFolder, ...inherited].join(delimiter) }

/** The environment of the install itself: npm puts our bin folder first in PATH, and the install replaces what is there. */
export const machineEnvironment = { ...process.env, PATH: inherited.join(delimiter) }
