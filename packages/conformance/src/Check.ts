/**
 * What a conformance check compares: a `request` of ours, or a `reply` that a connector's table reads, with the published
 * specification; a reply of the `sandbox` with it; the meaning of a published `example`; a request of ours with the
 * official SDK's (`wire`).
 */
export type Kind = "request" | "reply" | "sandbox" | "example" | "wire"

/** One check. `flow` is `service.method`, or the published operation where no flow of ours is meant (`POST /v1/customers`). */
export interface Check {
  readonly connector: string
  readonly flow: string
  readonly kind: Kind
}

declare module "vitest" {
  interface TaskMeta {
    conformance?: Check
  }
}

/** The tag by which `npm run conformance` finds its tests. */
export const tag = "conformance"

/** The options of a test that is this check. */
export const checks = (check: Check) => ({ tags: [tag], meta: { conformance: check } })
