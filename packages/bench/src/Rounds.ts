import type { Contestant, Stand } from "./Stand.ts"
import { median, type Stretch, type Tallied } from "./Tally.ts"

/** Calls before the measuring, so that the engine has compiled what they run: so many, or as many as the milliseconds allow. */
export interface WarmUp {
  readonly calls: number
  readonly millis: number
}

/** How long everything is measured. Times are in milliseconds. */
export interface Plan {
  readonly rounds: number
  readonly stretch: number
  readonly warmUp: WarmUp
  readonly startUps: number
}

/** One contestant over one stretch. */
export interface Sample extends Tallied {
  readonly name: Contestant["name"]
  readonly concurrency: number
  /** Microseconds of CPU a call: the measured process, and what shares the other core. */
  readonly cpu: number
  readonly otherCpu: number
  /** Resident bytes after it. */
  readonly resident: number
  /** What the upstream counted meanwhile. */
  readonly upstreamCount: number
}

/** The samples of one contestant at one concurrency, each figure the median of the rounds. */
export type Row = Pick<Sample, "name" | "concurrency" | "perSecond" | "p50" | "p99" | "cpu" | "otherCpu" | "resident">

/** The concurrencies that are measured. */
export const concurrencies = [1, 64] as const

const usageOf = async ({ load, upstream }: Stand, { process }: Contestant) => {
  const [own, ...others] = await Promise.all([process, load, upstream].map((each) => each.ask("usage")))
  return {
    cpu: own?.cpu ?? Number.NaN,
    resident: own?.resident ?? Number.NaN,
    otherCpu: others.reduce((sum, { cpu }) => sum + cpu, 0)
  }
}

/** Measures one contestant over one stretch. */
export const sample = async (stand: Stand, contestant: Contestant, stretch: Stretch): Promise<Sample> => {
  const countBefore = await stand.upstream.ask("count")
  const before = await usageOf(stand, contestant)
  const tallied = await contestant.many(stretch)
  const after = await usageOf(stand, contestant)
  return {
    ...tallied,
    name: contestant.name,
    concurrency: stretch.concurrency,
    cpu: (after.cpu - before.cpu) / tallied.calls,
    otherCpu: (after.otherCpu - before.otherCpu) / tallied.calls,
    resident: after.resident,
    upstreamCount: (await stand.upstream.ask("count")) - countBefore
  }
}

/** Calls until there were enough. */
export const warmUp = async ({ many }: Contestant, { calls, millis }: WarmUp): Promise<void> => {
  const until = performance.now() + millis
  for (let done = 0; done < calls && performance.now() < until; ) {
    done += (await many({ concurrency: 64, millis: 250 })).calls
  }
}

/** Measures everybody in turn, round by round, each round in the other direction. */
export const rounds = async (stand: Stand, plan: Plan): Promise<ReadonlyArray<Sample>> => {
  for (const contestant of stand.contestants) await warmUp(contestant, plan.warmUp)
  const samples: Array<Sample> = []
  for (let round = 0; round < plan.rounds; round++) {
    const order = round % 2 === 0 ? stand.contestants : [...stand.contestants].reverse()
    for (const concurrency of concurrencies)
      for (const contestant of order)
        samples.push(await sample(stand, contestant, { concurrency, millis: plan.stretch }))
  }
  return samples
}

/** What is wrong with samples whatever their times: answers that were not the expected one, calls counted twice or not. */
export const mistakes = (samples: ReadonlyArray<Sample>): ReadonlyArray<string> =>
  samples.flatMap(({ calls, concurrency, name, upstreamCount, wrong }) => {
    const at = `${name} at ${concurrency}`
    return [
      ...(calls === 0 ? [`${at}: there was no call.`] : []),
      ...(wrong === 0 ? [] : [`${at}: ${wrong} of ${calls} answers were not the AUTHORIZED payment.`]),
      ...(upstreamCount === calls ? [] : [`${at}: ${calls} calls, but the upstream counted ${upstreamCount}.`])
    ]
  })

/** The medians by concurrency and contestant. */
export const medians = (samples: ReadonlyArray<Sample>): ReadonlyArray<Row> =>
  concurrencies.flatMap((concurrency) =>
    [...new Set(samples.map(({ name }) => name))].map((name): Row => {
      const its = samples.filter((sample) => sample.name === name && sample.concurrency === concurrency)
      const of = (figure: (sample: Sample) => number) => median(its.map(figure))
      return {
        name,
        concurrency,
        perSecond: of(({ perSecond }) => perSecond),
        p50: of(({ p50 }) => p50),
        p99: of(({ p99 }) => p99),
        cpu: of(({ cpu }) => cpu),
        otherCpu: of(({ otherCpu }) => otherCpu),
        resident: of(({ resident }) => resident)
      }
    })
  )
