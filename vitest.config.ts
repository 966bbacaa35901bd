import { defineConfig } from "vitest/config"
import { tag } from "./packages/conformance/src/Check.ts"

export default defineConfig({
  resolve: { conditions: ["@connector-service/source"] },
  ssr: { resolve: { conditions: ["@connector-service/source"] } },
  test: {
    // compiling a processor's whole published file takes a busy machine seconds
    testTimeout: 30_000,
    hookTimeout: 60_000,
    tags: [{ name: tag, description: "Compares with what a processor publishes: npm run conformance." }],
    include: ["packages/*/test/**/*.test.ts"],
    exclude: ["packages/*/test/**/*.real.test.ts", "**/node_modules/**"]
  }
})
