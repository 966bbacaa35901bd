import { describe } from "vitest"
import { specsAvailable, specsDir } from "../src/Specs.ts"

const present = specsAvailable()
if (!present) console.warn(`Skipped: no published specifications in ${specsDir()} (set SPECS_DIR)`)

/** A suite that needs the published files; without them it is skipped, saying so (and fails where CI=true). */
export const describeWithSpecs = describe.skipIf(!present)
