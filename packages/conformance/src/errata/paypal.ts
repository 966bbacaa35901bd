import type { Erratum } from "../Errata.ts"

/** Known defects of PayPal's published files. */
export const paypalErrata: ReadonlyArray<Erratum> = []
