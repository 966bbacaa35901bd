import { defineConfig } from "vitest/config"
import { conformanceReporter } from "./packages/conformance/src/Reporter.ts"
import { flowsOf } from "./packages/connectors/src/Connector.ts"
import { catalog } from "./packages/connectors/src/catalog.ts"
import base from "./vitest.config.ts"

const flows = catalog.map((connector) => [connector.id, flowsOf(connector).map(({ name }) => name)] as const)

/** What compares the connectors and the sandbox with what the processors publish; the command chooses its tests by tag. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      ...catalog.map(({ id }) => `packages/connectors/test/${id}.test.ts`),
      "packages/connectors/test/*/*.test.ts",
      "packages/sandbox/test/*/*conformance.test.ts",
      "packages/sandbox/test/*/webhooks.test.ts"
    ],
    reporters: ["default", conformanceReporter(Object.fromEntries(flows))]
  }
})
