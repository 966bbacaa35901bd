import { parseTraceparent } from "@connector-service/server/Correlation"
import { describe, expect, it } from "vitest"

// https://www.w3.org/TR/trace-context/, sections 3.2.2 and 4.3
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736"
const spanId = "00f067aa0ba902b7"

describe("traceparent", () => {
  it.each([
    ["sampled", `00-${traceId}-${spanId}-01`, true],
    ["not sampled", `00-${traceId}-${spanId}-00`, false],
    ["other flags set", `00-${traceId}-${spanId}-03`, true],
    ["a later version with more to it", `cc-${traceId}-${spanId}-01-what-the-future-will-be-like`, true]
  ])("%s", (_name, text, sampled) => {
    expect(parseTraceparent(text)).toMatchObject({ traceId, spanId, sampled })
  })

  it.each([
    ["version ff", `ff-${traceId}-${spanId}-01`],
    ["version 00 with more to it", `00-${traceId}-${spanId}-01-more`],
    ["a trace id of zeros", `00-${"0".repeat(32)}-${spanId}-01`],
    ["a span id of zeros", `00-${traceId}-${"0".repeat(16)}-01`],
    ["upper case", `00-${traceId.toUpperCase()}-${spanId}-01`],
    ["a short trace id", `00-${traceId.slice(1)}-${spanId}-01`],
    ["flags of one digit", `00-${traceId}-${spanId}-1`],
    ["given twice", `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`],
    ["nothing", ""]
  ])("%s is ignored", (_name, text) => {
    expect(parseTraceparent(text)).toBeUndefined()
  })
})
