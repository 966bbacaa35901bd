/** Whether events are written to standard output, by EVENT_SINK; the log then goes to standard error. */
export const hasEvents = (eventSink: string | undefined): boolean =>
  eventSink === "stdout" || eventSink === "grpc-or-stdout"
