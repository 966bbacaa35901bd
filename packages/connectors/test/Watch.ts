import { inspect } from "node:util"
import { Cause, type Exit, Layer, Logger, type Metric, Redacted, References, Tracer } from "effect"

/** The texts behind every redacted value inside `value`. */
export const secretsIn = (value: unknown): ReadonlyArray<string> => {
  if (Redacted.isRedacted(value)) return [String(Redacted.value(value))]
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(secretsIn) : []
}

/** Those of the secrets that a text shows; one of few digits counts only when it stands alone. */
export const shown = (text: string, secrets: ReadonlyArray<string>): ReadonlyArray<string> =>
  secrets.filter((secret) =>
    secret.length > 4 ? text.includes(secret) : new RegExp(`(?<![0-9A-Za-z])${secret}(?![0-9A-Za-z])`).test(text)
  )

/** A value as a debugger, a log line and a JSON body would show it. */
export const looksOf = (value: unknown): string =>
  [
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    String(value),
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? `${inner}` : inner)),
    value instanceof Error ? `${value.message}\n${value.stack}` : ""
  ].join("\n")

/** Collects what leaves a program beside its answer: log lines of every level, spans, and metrics. */
export const watch = () => {
  const lines: Array<string> = []
  const spans: Array<Tracer.NativeSpan> = []
  const logger = Logger.make((options) => {
    const annotations = options.fiber.getRef(References.CurrentLogAnnotations)
    lines.push(inspect({ message: options.message, annotations }, { depth: null }) + Cause.pretty(options.cause))
  })
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  const layer = Layer.mergeAll(
    Logger.layer([logger]),
    Layer.succeed(Tracer.Tracer, tracer),
    Layer.succeed(References.MinimumLogLevel, "All")
  )
  // an exporter writes a failed span's error as its message and stack trace
  const ended = (exit: Exit.Exit<unknown, unknown>) => (exit._tag === "Failure" ? Cause.pretty(exit.cause) : "")
  const spanText = (span: Tracer.NativeSpan) =>
    inspect([span.name, [...span.attributes], span.events], { depth: null }) +
    (span.status._tag === "Ended" ? ended(span.status.exit) : "")
  const text = (metrics: ReadonlyArray<Metric.Metric.Snapshot>) =>
    [...lines, ...spans.map(spanText), inspect(metrics, { depth: null })].join("\n")
  return { layer, lines, spans, text }
}
