import { asObject, asString, below, isObject, type JsonObject } from "./Json.ts"
import { stripeSpec } from "./OpenApi.ts"
import { loadSpec } from "./Specs.ts"

const fixtures = "stripe/fixtures3-2026-08-21.json"

/** Stripe's published example resources by name (`payment_intent`, `charge`, `refund`, …), of 2026-08; a fresh copy. */
export const stripeFixtures = (): Readonly<Record<string, JsonObject>> => {
  const resources = Object.entries(asObject(structuredClone(loadSpec(fixtures).resources)))
  return Object.fromEntries(resources.flatMap(([name, value]) => (isObject(value) ? [[name, value]] : [])))
}

/** The JSON pointer of the published schema of a Stripe resource, by its `x-resourceId`; undefined when the file has none. */
export const stripeSchemaOf = (resourceId: string): string | undefined => {
  const schemas = asObject(asObject(loadSpec(stripeSpec).components).schemas)
  const name = Object.keys(schemas).find((key) => asString(asObject(schemas[key])["x-resourceId"]) === resourceId)
  return name === undefined ? undefined : below("#", "components", "schemas", name)
}
