/** What the tour needs to know of a connector's sandbox. */
export interface Shop {
  /** The connector's id. */
  readonly connector: string
  /** Test card numbers, each named by what it does. */
  readonly cards: {
    readonly approved: string
    readonly declinedSoft: string
    readonly declinedHard: string
    readonly challenged: string
  }
  /** The path, in the sandbox, to which authorizations are posted. */
  readonly authorizePath: string
}

/** Every connector that the tour visits. */
export const shops: ReadonlyArray<Shop> = [
  {
    connector: "stripe",
    // https://docs.stripe.com/testing: success, insufficient funds, stolen card, 3-D Secure always required
    cards: {
      approved: "4242424242424242",
      declinedSoft: "4000000000009995",
      declinedHard: "4000000000009979",
      challenged: "4000002760003184"
    },
    authorizePath: "/stripe/v1/payment_intents"
  }
]
