import { afterEach, expect, test, vi } from "vitest"
import { specsAvailable } from "../src/Specs.ts"

afterEach(() => vi.unstubAllEnvs())

test("an absent folder is not available, so that suites can skip", () => {
  vi.stubEnv("SPECS_DIR", "/nowhere/specs")
  vi.stubEnv("CI", "")
  expect(specsAvailable()).toBe(false)
})

test("an absent folder fails where CI=true", () => {
  vi.stubEnv("SPECS_DIR", "/nowhere/specs")
  vi.stubEnv("CI", "true")
  expect(() => specsAvailable()).toThrow("/nowhere/specs")
})
