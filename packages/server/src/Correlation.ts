import { randomUUID } from "node:crypto"
import { InvalidField } from "@connector-service/domain/Reason"
import { Result, Tracer } from "effect"
import type { Header, Metadata } from "./Metadata.ts"

/** What ties a call to the caller's own records. */
export interface Correlation {
  /** The caller's `x-request-id`, or one of ours; InvalidField when the caller's cannot be used. */
  readonly requestId: Result.Result<string, InvalidField>
  /** The caller's span, from `traceparent`. */
  readonly parent: Tracer.ExternalSpan | undefined
}

const requestIdKey = "x-request-id"
const traceparentKey = "traceparent"

/** The caller's request id: 1 to 128 visible ASCII characters. */
const requestIdOf = (metadata: Metadata): Result.Result<string, InvalidField> => {
  const given = metadata.get(requestIdKey)
  if (given === undefined) return Result.succeed(randomUUID())
  // a key given twice arrives as one value with a comma and a space in it
  return /^[\x21-\x7e]{1,128}$/.test(given)
    ? Result.succeed(given)
    : Result.fail(new InvalidField({ field: requestIdKey, rule: "1 to 128 visible ASCII characters, given once" }))
}

const form = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-[\x20-\x7e]*)?$/

/** The span that a `traceparent` names; undefined for one that is to be ignored (W3C Trace Context, section 3.2). */
export const parseTraceparent = (text: string): Tracer.ExternalSpan | undefined => {
  const [, version, traceId, spanId, flags, more] = form.exec(text) ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  if (version === "00" && more !== undefined) return undefined
  return Tracer.externalSpan({ traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 })
}

/** Reads both keys and puts what the caller gets back into `header`. */
export const correlate = (metadata: Metadata, header: Header): Correlation => {
  const requestId = requestIdOf(metadata)
  header.set(
    requestIdKey,
    Result.getOrElse(requestId, () => randomUUID())
  )
  const traceparent = metadata.get(traceparentKey)
  if (traceparent === undefined) return { requestId, parent: undefined }
  const parent = parseTraceparent(traceparent)
  if (parent !== undefined) header.set(traceparentKey, traceparent)
  return { requestId, parent }
}
