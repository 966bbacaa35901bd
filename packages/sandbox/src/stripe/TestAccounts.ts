import type { Decline } from "./TestCards.ts"

/** How a payment ends that is decided after its confirmation, and how many seconds after it at the earliest. */
export interface Ending {
  readonly decline: Decline | null
  readonly afterSeconds: number
  /** A dispute follows at once. */
  readonly disputed: boolean
}

const ending = (decline: Decline | null, afterSeconds = 0, disputed = false): Ending => ({
  decline,
  afterSeconds,
  disputed
})
const failed = (code: string, message: string): Decline => ({ code, message })

/** The end of a payment that goes well. */
export const settled = ending(null)
const later = 180
const unnamed = failed("generic_could_not_process", "The payment could not be processed.")

type Behaviour =
  | "success"
  | "successDelayed"
  | "failed"
  | "failedDelayed"
  | "disputed"
  | "exceedsWeeklyVolumeLimit"
  | "exceedsWeeklyTransactionLimit"
  | "insufficientFunds"

// docs.stripe.com/payments/sepa-debit/accept-a-payment, "Test IBANs"; the delay is "at least three minutes". The page
// names no code for those that just fail, so this sandbox takes the one for no particular reason.
const debits: Record<Behaviour, Ending> = {
  success: settled,
  successDelayed: ending(null, later),
  failed: ending(unnamed),
  failedDelayed: ending(unnamed, later),
  disputed: ending(null, 0, true),
  exceedsWeeklyVolumeLimit: ending(
    failed("charge_exceeds_source_limit", "The amount exceeds what the account may pay in a week.")
  ),
  exceedsWeeklyTransactionLimit: ending(
    failed("charge_exceeds_weekly_limit", "The account has made as many payments as it may in a week.")
  ),
  insufficientFunds: ending(failed("insufficient_funds", "The account does not hold enough money."))
}

const ibans: ReadonlyMap<string, Behaviour> = new Map([
  ["AT611904300234573201", "success"],
  ["AT321904300235473204", "successDelayed"],
  ["AT861904300235473202", "failed"],
  ["AT051904300235473205", "failedDelayed"],
  ["AT591904300235473203", "disputed"],
  ["AT981904300000343434", "exceedsWeeklyVolumeLimit"],
  ["AT601904300000121212", "exceedsWeeklyTransactionLimit"],
  ["AT981904300002222227", "insufficientFunds"],
  ["BE62510007547061", "success"],
  ["BE78510007547064", "successDelayed"],
  ["BE68539007547034", "failed"],
  ["BE51510007547065", "failedDelayed"],
  ["DE89370400440532013000", "success"],
  ["DE08370400440532013003", "successDelayed"],
  ["DE62370400440532013001", "failed"],
  ["DE78370400440532013004", "failedDelayed"],
  ["FR1420041010050500013M02606", "success"],
  ["FR3020041010050500013M02609", "successDelayed"],
  ["FR8420041010050500013M02607", "failed"],
  ["FR7920041010050500013M02600", "failedDelayed"]
])

/** How a debit of an account ends; of one that the page does not list, well. */
export const endingOfDebit = (iban: string): Ending => debits[ibans.get(iban) ?? "success"]

const provider = (message: string): Ending => ending(failed("payment_method_provider_decline", message))
const timeout = (message: string): Ending => ending(failed("payment_method_provider_timeout", message), 60)

// docs.stripe.com/payments/blik/accept-a-payment, "Simulate failures in a sandbox": any code, and the payer's e-mail
// address tells. Declines come there after 8 seconds, here when the payment is next read.
const blikEndings: ReadonlyArray<readonly [address: string, ending: Ending]> = [
  ["limit_exceeded@", provider("The account's payment limit is reached.")],
  ["insufficient_funds@", provider("The account does not hold enough money.")],
  ["customer_declined@", provider("The payer declined.")],
  ["bank_declined@", provider("The payer's bank declined.")],
  ["blik_declined@", provider("The payment was declined.")],
  ["customer_timeout@", timeout("The payer did not approve in time.")],
  ["bank_timeout@", timeout("The payer's bank did not answer in time.")],
  ["blik_timeout@", timeout("BLIK did not answer in time.")]
]
const badCodes: ReadonlyArray<string> = ["invalid_code@", "expired_code@"]

/** How a BLIK payment ends; null when its code is refused at once. */
export const endingOfBlik = (email: string): Ending | null =>
  badCodes.some((part) => email.includes(part))
    ? null
    : (blikEndings.find(([part]) => email.includes(part))?.[1] ?? settled)
