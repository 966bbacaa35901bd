import type { IncomingMessage, ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { makeAdyen } from "./adyen/Adyen.ts"
import { type Controls, control, type NewEndpoint, readEndpoints, readFaults } from "./Control.ts"
import { Deliveries, type DeliveryView, type Endpoint, type KnownEndpoint } from "./Deliveries.ts"
import { type DeliveryFault, type Fault, FaultPlan, isOfDelivery } from "./Faults.ts"
import type { Tell } from "./Happened.ts"
import { Later } from "./Later.ts"
import { Ledger, type LedgerView } from "./Ledger.ts"
import { Listener } from "./Listener.ts"
import { type Call, type Handled, type Processor, type Reply, straight, type Twist } from "./Processor.ts"
import { makePayPal } from "./paypal/PayPal.ts"
import { htmlPage, reset, send, sendCut, sendSlowly } from "./Send.ts"
import { isoNow } from "./Surroundings.ts"
import { makeStripe } from "./stripe/Stripe.ts"

/** A running sandbox. */
export interface Sandbox {
  /** Base address without a trailing slash; a processor is at `${url}/${id}`, such as `${url}/stripe`. */
  readonly url: string
  readonly port: number
  readonly ledger: () => LedgerView
  /** Appends faults; rejects with a sentence when one of them is wrong, and then none counts. */
  readonly setFaults: (faults: Fault | ReadonlyArray<Fault>) => Promise<void>
  /** Adds endpoints of webhooks; rejects with a sentence when one of them is wrong, and then none counts. */
  readonly addEndpoints: (endpoints: WantedEndpoint | ReadonlyArray<WantedEndpoint>) => Promise<void>
  /** Where webhooks go, each with what its receiver has to be told. */
  readonly endpoints: () => ReadonlyArray<KnownEndpoint>
  /** The latest 10,000 events at each endpoint, the oldest first. */
  readonly deliveries: () => ReadonlyArray<DeliveryView>
  /** Forgets all objects, keys, ledger entries, deliveries and waiting faults; endpoints stay. */
  readonly reset: () => void
  readonly close: () => Promise<void>
}

/** An endpoint to be; what is left out is as the processor has it. */
export type WantedEndpoint = Pick<Endpoint, "processor" | "url"> & Partial<Endpoint>

type Send = (response: ServerResponse, reply: Reply) => void

/** What a fault does to a call: who answers it, how its processing is bent, and how the reply is sent. */
interface Plan {
  readonly instead?: (processor: Processor, call: Call) => Reply
  readonly unprocessed?: (response: ServerResponse) => void
  readonly twist?: Partial<Twist>
  readonly replace?: (reply: Reply) => Reply
  readonly send?: Send
  readonly silent?: boolean
}

const hang = (): void => {}

const planOf: Record<Exclude<Fault["kind"], DeliveryFault>, (fault: Fault) => Plan> = {
  refuse: () => ({}),
  reset_before: () => ({ unprocessed: reset }),
  reset_after: () => ({ send: reset, silent: true }),
  hang_before: () => ({ unprocessed: hang }),
  hang_after: () => ({ send: hang, silent: true }),
  cut: (fault) => ({ send: (response, reply) => sendCut(response, reply, fault.bytes ?? 0) }),
  "429": (fault) => ({ instead: (processor, call) => processor.rateLimited(call, fault.retry_after) }),
  "500_before": () => ({ instead: (processor, call) => processor.serverError(call) }),
  "500_after": () => ({ twist: { failAfter: true } }),
  "502_before": () => ({ instead: () => htmlPage(502, "502 Bad Gateway") }),
  "502_after": () => ({ replace: () => htmlPage(502, "502 Bad Gateway") }),
  "503_before": () => ({ instead: () => htmlPage(503, "503 Service Unavailable") }),
  "503_after": () => ({ replace: () => htmlPage(503, "503 Service Unavailable") }),
  html: () => ({ replace: () => htmlPage(200, "Welcome") }),
  wrong_amount: (fault) => ({ twist: { amountOff: fault.by ?? 0 } }),
  slow: (fault) => ({
    send: (response, reply) => sendSlowly(response, reply, fault.bytes ?? 1, fault.milliseconds ?? 1)
  }),
  delay: (fault) => ({ twist: { delayMilliseconds: fault.milliseconds ?? 0 } })
}

const untouched: Plan = {}

const headerOf = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name]
  return typeof value === "string" ? value : null
}

/** Every embedded processor. */
const makers: ReadonlyArray<(ledger: Ledger, tell: Tell) => Processor> = [makeStripe, makeAdyen, makePayPal]

/** Starts a sandbox on loopback (by default on a free port); rejects with Node's error when the port is taken. */
export const startSandbox = async (
  options: { readonly port?: number; readonly host?: "127.0.0.1" } = {}
): Promise<Sandbox> => {
  const host = options.host ?? "127.0.0.1"
  const ledger = new Ledger()
  const plan = new FaultPlan()
  const deliveries = new Deliveries()
  const processors = new Map(
    makers.map((make) => make(ledger, deliveries.tell)).map((processor) => [processor.id, processor])
  )
  const prefixes = [...processors.keys()].map((id) => `/${id}`)

  const resetAll = (): void => {
    ledger.reset()
    plan.clear()
    deliveries.reset()
    for (const processor of processors.values()) processor.reset()
  }

  const addFaults = (faults: ReadonlyArray<Fault>, spare: Socket | null): void => {
    for (const fault of faults) {
      if (fault.kind === "refuse") listener.refuse(fault.milliseconds ?? 1, spare)
      else if (isOfDelivery(fault.kind)) deliveries.faults.add(fault)
      else plan.add(fault)
    }
  }

  const addEndpoints = (endpoints: ReadonlyArray<NewEndpoint>): void => {
    for (const { courier, ...endpoint } of endpoints) deliveries.add(endpoint, courier)
  }

  const controlsFor = (spare: Socket | null): Controls => ({
    prefixes,
    ledger: () => ledger.view(),
    faults: () => [...plan.list(), ...deliveries.faults.list()],
    addFaults: (faults) => addFaults(faults, spare),
    clearFaults: () => {
      plan.clear()
      deliveries.faults.clear()
    },
    reset: resetAll,
    endpoints: () => deliveries.endpoints(),
    addEndpoints,
    clearEndpoints: () => deliveries.clear(),
    deliveries: () => deliveries.list(),
    again: (id) => deliveries.again(id)
  })

  const serve = (
    processor: Processor,
    call: Call,
    path: string,
    request: IncomingMessage,
    response: ServerResponse
  ) => {
    const fault = plan.take(call.method, path)
    const {
      instead,
      unprocessed,
      twist,
      replace,
      send: sendAs = send,
      silent
    } = fault && !isOfDelivery(fault.kind) ? planOf[fault.kind](fault) : untouched
    const note = (status: number | null, processed: boolean, replayed: boolean): void =>
      ledger.request({
        time: isoNow(),
        method: call.method,
        path,
        status,
        idempotency_key: headerOf(request, processor.keyHeader),
        processed,
        replayed,
        fault: fault?.kind ?? null
      })
    if (unprocessed !== undefined) {
      note(null, false, false)
      unprocessed(response)
      return
    }
    if (instead !== undefined) {
      const reply = instead(processor, call)
      note(reply.status, false, false)
      send(response, reply)
      return
    }
    const answer = (handled: Handled): void => {
      const reply = replace === undefined ? handled.reply : replace(handled.reply)
      note(silent === true ? null : reply.status, handled.processed, handled.replayed)
      sendAs(response, reply)
    }
    const handled = processor.handle(call, twist === undefined ? straight : { ...straight, ...twist })
    if (handled instanceof Later) handled.start(answer)
    else answer(handled)
  }

  const listener = new Listener(host, options.port ?? 0, (request, body, response) => {
    const method = request.method ?? "GET"
    const target = request.url ?? "/"
    const mark = target.indexOf("?")
    const path = mark < 0 ? target : target.slice(0, mark)
    if (path.startsWith("/_sandbox/")) {
      send(response, control(controlsFor(request.socket), method, path, body))
      return
    }
    const end = path.indexOf("/", 1)
    const processor = processors.get(path.slice(1, end < 0 ? undefined : end))
    if (processor === undefined) {
      send(response, htmlPage(404, "404 Not Found"))
      return
    }
    const call: Call = {
      method,
      path: end < 0 ? "/" : path.slice(end),
      query: mark < 0 ? "" : target.slice(mark + 1),
      headers: request.headers,
      body,
      origin: `http://${request.headers.host ?? `${host}:${listener.port}`}`
    }
    serve(processor, call, path, request, response)
  })
  await listener.open()

  return {
    url: `http://${host}:${listener.port}`,
    port: listener.port,
    ledger: () => ledger.view(),
    setFaults: async (faults) => {
      const read = readFaults(faults, prefixes)
      if (typeof read === "string") return Promise.reject(new TypeError(read))
      addFaults(read, null)
    },
    addEndpoints: async (endpoints) => {
      const read = readEndpoints(endpoints)
      if (typeof read === "string") return Promise.reject(new TypeError(read))
      addEndpoints(read)
    },
    endpoints: () => deliveries.endpoints(),
    deliveries: () => deliveries.list(),
    reset: resetAll,
    close: () => {
      deliveries.close()
      return listener.close()
    }
  }
}
