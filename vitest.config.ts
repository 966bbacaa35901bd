import { defineConfig } from "vitest/config"

export default defineConfig({
  resolve: { conditions: ["@connector-service/source"] },
  ssr: { resolve: { conditions: ["@connector-service/source"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts"],
    exclude: ["packages/*/test/**/*.real.test.ts", "**/node_modules/**"]
  }
})
