/**
 * The rejection triggers of developer.paypal.com/tools/sandbox/card-testing: a cardholder's name, case-sensitive, and the
 * processor's response code. That page: all of them answer the AVS code G and the CVV code P.
 */
export const rejections: ReadonlyMap<string, string> = new Map([
  ["CCREJECT-REFUSED", "0500"],
  ["CCREJECT-SF", "9500"],
  ["CCREJECT-EC", "5400"],
  ["CCREJECT-IRC", "5180"],
  ["CCREJECT-IF", "5120"],
  ["CCREJECT-LS", "9520"],
  ["CCREJECT-IA", "1330"],
  ["CCREJECT-BANK_ERROR", "5100"],
  ["CCREJECT-CVV_F", "00N7"]
])

/** How a card's 3-D Secure ends. `challenge` says that the payer is asked. */
export interface Authentication {
  readonly challenge: boolean
  readonly liabilityShift: "NO" | "POSSIBLE" | "UNKNOWN"
  readonly enrollment?: "U" | "Y"
  readonly status?: "A" | "N" | "R" | "U" | "Y"
}

type Row = readonly [numbers: string, authentication: Authentication]

const shown = (
  challenge: boolean,
  liabilityShift: Authentication["liabilityShift"],
  enrollment?: Authentication["enrollment"],
  status?: Authentication["status"]
): Authentication => ({
  challenge,
  liabilityShift,
  ...(enrollment === undefined ? {} : { enrollment }),
  ...(status === undefined ? {} : { status })
})

// developer.paypal.com, "3D Secure test scenarios": the edition of 2023-09 for the cards that ask the payer, and for a
// time-out and a card that is not enrolled; the edition of 2026-06 for the frictionless ones.
const rows: ReadonlyArray<Row> = [
  ["4868719460707704 5329879786234393", shown(true, "POSSIBLE", "Y", "Y")],
  ["4868719115514992 5329879785160250", shown(true, "UNKNOWN", "Y", "U")],
  ["4868719796782421 5329879743856650", shown(true, "NO", "Y", "N")],
  ["4868719041085422 5329879703852350", shown(false, "POSSIBLE", "Y", "A")],
  ["4868719494697210 5329879747163939", shown(false, "NO")],
  ["4868719632978803 5329879761823947", shown(false, "NO", "U")],
  ["4868719196829038 5329879707824603", shown(false, "POSSIBLE", "Y", "Y")],
  ["4868719158130060 5329879769571910", shown(false, "NO", "Y", "N")],
  ["4868719581920723 5329879715396727", shown(false, "POSSIBLE", "Y", "A")],
  ["4868719033482561 5329879705777613", shown(false, "NO", "Y", "U")],
  ["4868719081564153 5319541865518409", shown(false, "NO", "Y", "R")]
]

/** The published 3-D Secure test cards by number. */
export const authentications: ReadonlyMap<string, Authentication> = new Map(
  rows.flatMap(([numbers, authentication]) =>
    numbers.split(" ").map((number): [string, Authentication] => [number, authentication])
  )
)

/** What a challenge comes to when the payer passes it, on a card without a published result. */
export const passed = shown(true, "POSSIBLE", "Y", "Y")

/** What a challenge comes to when the payer fails it. */
export const failed = shown(true, "NO", "Y", "N")
