import type { Erratum } from "../Errata.ts"

/** Known defects of Adyen's published files. */
export const adyenErrata: ReadonlyArray<Erratum> = []
