const bytes = (text: string) => Buffer.from(text)
/** What no answer may repeat. */
export const secret = "sk_test_secret"

/** What is wrong, and the metadata, which replaces the usual target's. */
export const wrong: ReadonlyArray<
  readonly [
    name: string,
    over: Readonly<Record<string, string | Uint8Array | undefined>>,
    key: string,
    reason: "missing" | "invalid"
  ]
> = [
  ["no connector", { "x-connector": undefined }, "x-connector", "missing"],
  ["an empty connector", { "x-connector": "" }, "x-connector", "missing"],
  ["a connector given twice", { "x-connector": "stripe, stripe" }, "x-connector", "invalid"],
  ["no environment", { "x-environment": undefined }, "x-environment", "missing"],
  ["an unknown environment", { "x-environment": "test" }, "x-environment", "invalid"],
  ["an environment in upper case", { "x-environment": "LIVE" }, "x-environment", "invalid"],
  ["an environment given twice", { "x-environment": "live, sandbox" }, "x-environment", "invalid"],
  ["neither account nor credentials", { "x-account": undefined }, "x-account", "missing"],
  ["both account and credentials", { "x-credentials-bin": bytes("{}") }, "x-credentials-bin", "invalid"],
  ["an account with a slash", { "x-account": "../sandbox" }, "x-account", "invalid"],
  ["an account of 65 characters", { "x-account": "x".repeat(65) }, "x-account", "invalid"],
  ["an account given twice", { "x-account": "sandbox, sandbox" }, "x-account", "invalid"],
  [
    "credentials that are no JSON",
    { "x-account": undefined, "x-credentials-bin": bytes(`{"${secret}`) },
    "x-credentials-bin",
    "invalid"
  ],
  [
    "credentials that are a list",
    { "x-account": undefined, "x-credentials-bin": bytes(`["${secret}"]`) },
    "x-credentials-bin",
    "invalid"
  ],
  [
    "credentials that are no UTF-8",
    { "x-account": undefined, "x-credentials-bin": new Uint8Array([0x7b, 0xff, 0x7d]) },
    "x-credentials-bin",
    "invalid"
  ],
  ["an empty request id", { "x-request-id": "" }, "x-request-id", "invalid"],
  ["a request id of 129 characters", { "x-request-id": "x".repeat(129) }, "x-request-id", "invalid"],
  ["a request id with a space", { "x-request-id": "a b" }, "x-request-id", "invalid"]
]
