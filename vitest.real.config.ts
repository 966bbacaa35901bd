import { defineConfig } from "vitest/config"
import base from "./vitest.config.ts"

/** Tests that need more than Node: docker, other languages, the specifications in ../shared, or minutes. */
export default defineConfig({
  ...base,
  test: { include: ["packages/*/test/**/*.real.test.ts"], exclude: ["**/node_modules/**"] }
})
