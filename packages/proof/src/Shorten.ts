import type { Violation } from "./History.ts"
import type { Order, Plan, Step } from "./Plan.ts"
import { asItIs, play } from "./Play.ts"
import type { Service } from "./Stage.ts"

const without = <A>(all: ReadonlyArray<A>, place: number): ReadonlyArray<A> => all.filter((_, other) => other !== place)
const replaced = <A>(all: ReadonlyArray<A>, place: number, by: A): ReadonlyArray<A> =>
  all.map((one, other) => (other === place ? by : one))

const plainer = (step: Step): ReadonlyArray<Step> => [
  ...step.faults.map((_, place) => ({ ...step, faults: without(step.faults, place) })),
  ...step.faults.flatMap((fault, place) =>
    fault.times > 1 ? [{ ...step, faults: replaced(step.faults, place, { ...fault, times: 1 }) }] : []
  ),
  ...(step.callers > 1 ? [{ ...step, callers: 1 }] : []),
  ...(step.patience === undefined ? [] : [{ ...step, patience: undefined }]),
  ...(step.leaves === undefined ? [] : [{ ...step, leaves: undefined }]),
  ...(step.races ? [{ ...step, races: false }] : []),
  ...(step.breaks === undefined ? [] : [{ ...step, breaks: undefined }]),
  ...(step.again === undefined ? [] : [{ ...step, again: undefined }])
]

const shorterOrders = (order: Order): ReadonlyArray<Order> => [
  ...order.steps.slice(1).map((_, place) => ({ ...order, steps: without(order.steps, place + 1) })),
  ...order.steps.flatMap((step, place) =>
    plainer(step).map((plain) => ({ ...order, steps: replaced(order.steps, place, plain) }))
  )
]

/** Scenarios that are this one with one thing less. */
const shorterPlans = (plan: Plan): ReadonlyArray<Plan> => [
  ...(plan.orders.length > 1 ? plan.orders.map((_, place) => ({ ...plan, orders: without(plan.orders, place) })) : []),
  ...plan.restarts.map((_, place) => ({ ...plan, restarts: without(plan.restarts, place) })),
  ...(plan.clocks.some((ahead) => ahead !== 0) ? [{ ...plan, clocks: plan.clocks.map(() => 0) }] : []),
  ...(plan.replicas > 1 && plan.restarts.length === 0 ? [{ ...plan, replicas: 1 }] : []),
  ...plan.orders.flatMap((order, place) =>
    shorterOrders(order).map((shorter) => ({ ...plan, orders: replaced(plan.orders, place, shorter) }))
  )
]

/** The most scenarios that are played to find a short one. */
const patience = 300

/** A shorter scenario that breaks the same invariant. */
export const shorten = (plan: Plan, { invariant }: Violation, service: Service = asItIs): Plan => {
  let shortest = plan
  let played = 0
  const next = (): Plan | undefined =>
    shorterPlans(shortest).find((shorter) => {
      played += 1
      return played <= patience && play(shorter, service).violations.some((other) => other.invariant === invariant)
    })
  for (let shorter = next(); shorter !== undefined; shorter = next()) shortest = shorter
  return shortest
}

const told = (step: Step): string => {
  const { again, breaks, callers, faults, flow, leaves, patience, portion, races } = step
  return [
    `  ${flow}${portion < 1 ? ` of ${portion}` : ""}`,
    ...(races ? ["while that still goes on"] : []),
    ...(callers > 1 ? [`${callers} callers`] : []),
    ...(patience === undefined ? [] : [`deadline ${patience} ms`]),
    ...(leaves === undefined ? [] : [`cancelled after ${leaves} ms`]),
    ...(breaks === undefined ? [] : [`its caller ${breaks}`]),
    ...(again === undefined ? [] : [`again ${again}`]),
    ...faults.map(
      ({ exchanged, kind, nth, size, times }) =>
        `${kind} (${size.toFixed(3)}) at ${exchanged} ${nth + 1}${times > 1 ? ` to ${nth + times}` : ""}`
    )
  ].join(", ")
}

/** A scenario in a few lines. */
export const describePlan = (plan: Plan): string =>
  [
    `${plan.replicas} replica${plan.replicas > 1 ? "s" : ""}`,
    ...(plan.clocks.some((ahead) => ahead !== 0) ? [`clocks ahead by ${plan.clocks.join(" and ")} ms`] : []),
    ...plan.restarts.map(({ at, how, replica }) => `replica ${replica} is ${how} at ${at} ms`),
    ...plan.orders.flatMap(({ account, amount, capture, card, connector, payer, startsAt, steps }) => [
      `${connector}${account === 0 ? "" : ", another account,"} at ${startsAt} ms: ${amount} minor units, ${capture}, card ${card}, payer ${payer}`,
      ...steps.map(told)
    ])
  ].join("\n")
