import { expect, test } from "vitest"

test("no check", () => expect(1).toBe(1))
