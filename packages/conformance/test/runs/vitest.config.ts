import { defineConfig } from "vitest/config"
import { tag } from "../../src/Check.ts"
import type { Erratum } from "../../src/Errata.ts"
import { conformanceReporter } from "../../src/Reporter.ts"

const erratum = (file: string, reason: string): Erratum => ({
  file,
  reason,
  schemaPath: "#/x",
  change: { remove: true },
  source: "made up"
})
const list = [erratum("a.json", "newer"), erratum("b.json", "gated"), erratum("b.json", "newer")]

/** Runs of made-up checks, each of one file, for the tests of the reporter. */
export default defineConfig({
  test: {
    include: ["*.run.ts"],
    tags: [{ name: tag }],
    reporters: [conformanceReporter({ acme: ["payment.authorize", "payment.get"] }, list)]
  }
})
