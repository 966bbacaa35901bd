import { readdirSync } from "node:fs"
import { type AnyConnector, capabilities } from "@connector-service/connectors/Connector"
import { catalog } from "@connector-service/connectors/catalog"
import type { LazyConnector } from "@connector-service/connectors/Lazy"
import { Schema } from "effect"
import { describe, expect, it } from "vitest"

const here = new URL(".", import.meta.url)

const webhookOf = ({ webhook }: AnyConnector) =>
  webhook && {
    secret: Schema.toJsonSchemaDocument(webhook.secret).schema,
    acknowledgement: webhook.acknowledgement
  }

describe("catalog", () => {
  it("can do what capabilities.json says, no more and no less", async () => {
    const actual = Object.fromEntries(
      catalog.map((connector) => [connector.id, { flows: capabilities(connector), webhook: webhookOf(connector) }])
    )
    await expect(`${JSON.stringify(actual, null, 2)}\n`).toMatchFileSnapshot("capabilities.json")
  })

  it("names every connector once, as its folder is named", () => {
    const folders = readdirSync(new URL("../src/", here), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
    expect(catalog.map(({ id }) => id).toSorted()).toEqual(folders.toSorted())
  })

  it("has a module for every connector that loads it only when asked", async () => {
    for (const connector of catalog) {
      const module: unknown = await import(`@connector-service/connectors/${connector.id}`)
      const { [connector.id]: lazy } = module as Readonly<Record<string, LazyConnector>>
      expect(lazy?.id).toBe(connector.id)
      expect(await lazy?.load()).toBe(connector)
    }
  })

  it("has a table of tests for every connector", () => {
    const files = readdirSync(here)
    expect(catalog.filter(({ id }) => !files.includes(`${id}.test.ts`)).map(({ id }) => id)).toEqual([])
  })

  it("has tests for the webhooks of every connector that has any", () => {
    const tested = ({ id }: AnyConnector) => readdirSync(new URL(`${id}/`, here)).includes("webhook.test.ts")
    expect(catalog.filter((connector) => connector.webhook !== undefined && !tested(connector))).toEqual([])
  })

  it("sends to https only, and never with a slash at the end", () => {
    for (const { baseUrl } of catalog) {
      // a part of the host may be a field of the credentials
      for (const url of Object.values(baseUrl)) {
        expect(url).toMatch(/^https:\/\/(?:\{\w+\}-)?[a-z0-9.-]+(?:\/[^?#]*[^/?#])?$/)
      }
    }
  })
})
