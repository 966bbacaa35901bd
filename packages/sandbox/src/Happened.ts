/** Something that a processor tells by webhook. */
export interface Happened {
  /** The processor's id of it, the same each time it is delivered. */
  readonly id: string
  /** The processor's word for it. */
  readonly type: string
  /** What is delivered, for an endpoint's secret: always the same, whatever becomes of the object meanwhile. */
  readonly body: (secret: string) => string
}

/** Takes what a processor tells; `make` is run only where somebody listens. */
export type Tell = (processor: string, make: () => Happened) => void

/** For a processor to whose webhooks nobody listens. */
export const nobody: Tell = () => {}

/** One delivery on its way: what stays the same at each try, and the moment of this one. Milliseconds since 1970. */
export interface Transmission {
  readonly id: string
  readonly first: number
  readonly now: number
}

/** How a processor delivers its webhooks. */
export interface Courier {
  /** The secret of an endpoint that names none. */
  readonly secret: string
  /** The form of a secret, and that in words. */
  readonly form: RegExp
  readonly says: string
  /** How long it waits before it tries again, in milliseconds: as many as there are further tries. */
  readonly waits: ReadonlyArray<number>
  readonly headers: (secret: string, body: string, transmission: Transmission) => Readonly<Record<string, string>>
  /** What an endpoint has to be told beside its secret. */
  readonly published?: () => { readonly certificates: string; readonly authority: string }
}

/** Times in milliseconds. */
export const minute = 60_000
export const hour = 60 * minute
