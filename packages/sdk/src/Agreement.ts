/** `true` for types of the same values, `never` for others. */
export type Same<A, B> = A extends B ? (B extends A ? true : never) : never

/** The names of methods by service, and nothing else of them. */
export type Names<T> = { readonly [S in keyof T]: { readonly [M in keyof T[S]]: true } }
