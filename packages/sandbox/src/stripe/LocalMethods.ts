import { hash } from "node:crypto"
import { newId } from "../Random.ts"
import type { Context, MethodRecord } from "./Account.ts"
import type { BillingDetails, LocalType, Metadata, PaymentMethod } from "./Objects.ts"
import { hashOf, type Params, textOf } from "./Parameters.ts"
import { invalid, type Refusal } from "./Refusal.ts"
import { endingOfDebit } from "./TestAccounts.ts"

const given = {
  "[name]": ({ name }: BillingDetails) => name,
  "[email]": ({ email }: BillingDetails) => email,
  "[address][country]": ({ address }: BillingDetails) => address.country
} as const

/** What a payment method that is no card asks for, and how it is paid with. */
interface LocalRule {
  /** Lower-case ISO 4217; null where this sandbox takes any. */
  readonly currency: string | null
  /** It can be captured later. */
  readonly manual: boolean
  readonly paid: "redirect" | "debit" | "app"
  readonly needs: ReadonlyArray<keyof typeof given>
  /** Its part of the payment method, of a charge's details, and of a payment intent's options. */
  readonly method: (params: Params) => object
  readonly charge: (method: PaymentMethod) => object
  readonly options: object
}

const nothing = (): object => ({})
const fromBank = { bank_code: null, bank_name: null, bic: null }
const generated = { generated_sepa_debit: null, generated_sepa_debit_mandate: null, iban_last4: null }

const account = (params: Params): object => {
  const iban = compact(textOf(params, "iban") ?? "")
  return {
    bank_code: iban.slice(4, 9),
    branch_code: null,
    country: iban.slice(0, 2),
    fingerprint: hash("sha256", iban, "hex").slice(0, 16),
    generated_from: { charge: null, setup_attempt: null },
    last4: iban.slice(-4)
  }
}
const debited = ({ sepa_debit }: PaymentMethod): object => {
  const { generated_from: _, ...debit } = { generated_from: null, ...sepa_debit }
  return { ...debit, mandate: newId("mandate_1") }
}

/** docs.stripe.com/payments/<method>/accept-a-payment and docs.stripe.com/api/payment_methods/object. */
export const localRules: Readonly<Record<LocalType, LocalRule>> = {
  bancontact: {
    currency: "eur",
    manual: false,
    paid: "redirect",
    needs: ["[name]"],
    method: nothing,
    charge: ({ billing_details }) => ({
      ...fromBank,
      ...generated,
      preferred_language: "en",
      verified_name: billing_details.name
    }),
    options: { preferred_language: "en" }
  },
  blik: {
    currency: "pln",
    manual: false,
    paid: "app",
    needs: [],
    method: nothing,
    charge: nothing,
    options: {}
  },
  ideal: {
    currency: "eur",
    manual: false,
    paid: "redirect",
    needs: [],
    method: (params) => ({ bank: textOf(params, "bank") ?? null, bic: null }),
    charge: ({ billing_details, ideal }) => ({ ...ideal, ...generated, verified_name: billing_details.name }),
    options: {}
  },
  klarna: {
    currency: null,
    manual: true,
    paid: "redirect",
    needs: ["[email]", "[address][country]"],
    method: () => ({ dob: null }),
    charge: () => ({ payment_method_category: "pay_later", preferred_locale: null }),
    options: { preferred_locale: null }
  },
  paypal: {
    currency: null,
    manual: true,
    paid: "redirect",
    needs: [],
    method: () => ({ payer_email: null, payer_id: null }),
    charge: ({ billing_details }) => ({
      payer_email: billing_details.email,
      payer_id: null,
      payer_name: billing_details.name,
      seller_protection: null,
      transaction_id: null
    }),
    options: { preferred_locale: null, reference: null }
  },
  sepa_debit: {
    currency: "eur",
    manual: false,
    paid: "debit",
    needs: ["[name]", "[email]"],
    method: account,
    charge: debited,
    options: {}
  }
}

/** Whether a type is one of these. */
export const isLocal = (type: string): type is LocalType => Object.hasOwn(localRules, type)

const compact = (iban: string): string => iban.replaceAll(" ", "").toUpperCase()

/** The check digits of ISO 13616. */
const passesMod97 = (iban: string): boolean =>
  /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban) &&
  [...iban.slice(4), ...iban.slice(0, 4)].reduce((rest, character) => {
    const value = Number.parseInt(character, 36)
    return (rest * (value > 9 ? 100 : 10) + value) % 97
  }, 0) === 1

const checkIban = (params: Params): Refusal | undefined => {
  const iban = textOf(params, "iban")
  if (iban === undefined) {
    return invalid("The IBAN is missing.", { code: "parameter_missing", param: "sepa_debit[iban]" })
  }
  return passesMod97(compact(iban))
    ? undefined
    : invalid("The IBAN is invalid.", { code: "invalid_bank_account_iban", param: "sepa_debit[iban]" })
}

/** Makes a payment method that is no card; `params` are those of one. */
export const makeLocal = (
  context: Context,
  type: LocalType,
  params: Params,
  billing: BillingDetails,
  metadata: Metadata
): MethodRecord | Refusal => {
  const rule = localRules[type]
  const own = hashOf(params, type)
  const wrong = rule.paid === "debit" ? checkIban(own) : undefined
  if (wrong !== undefined) return wrong
  const absent = rule.needs.find((need) => given[need](billing) === null)
  if (absent !== undefined) {
    const param = `billing_details${absent}`
    return invalid(`The parameter ${param} is missing.`, { code: "parameter_missing", param })
  }
  const id = newId("pm_1")
  return context.account.methods.add({
    id,
    behaviour: {},
    debit: rule.paid === "debit" ? endingOfDebit(compact(textOf(own, "iban") ?? "")) : null,
    given: { cvc: false, line1: false, postalCode: false },
    networkToken: false,
    setUp: false,
    spent: false,
    object: {
      id,
      object: "payment_method",
      allow_redisplay: "unspecified",
      billing_details: billing,
      [type]: rule.method(own),
      created: context.now,
      customer: null,
      livemode: false,
      metadata,
      type
    }
  })
}
