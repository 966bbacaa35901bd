import { type Client, type Fields, textAt } from "../client.ts"

/** Where payments are made. */
export const intents = "/v1/payment_intents"
/** Where the payer comes back to. */
export const back = "https://shop.example/back?cart=7"

const name = "payment_method_data[billing_details][name]"
const email = "payment_method_data[billing_details][email]"
const country = "payment_method_data[billing_details][address][country]"

/** What each type wants beside itself (docs.stripe.com/payments/<method>/accept-a-payment). */
const wants = {
  bancontact: { [name]: "Ada Lovelace", return_url: back },
  blik: { currency: "pln", "payment_method_options[blik][code]": "777123" },
  ideal: { return_url: back },
  klarna: { [email]: "ada@example.com", [country]: "NL", return_url: back },
  paypal: { return_url: back },
  sepa_debit: {
    [name]: "Ada Lovelace",
    [email]: "ada@example.com",
    "payment_method_data[sepa_debit][iban]": "AT611904300234573201",
    "mandate_data[customer_acceptance][type]": "offline"
  }
} as const satisfies Readonly<Record<string, Fields>>

/** The types that send the payer to a page. */
export const redirecting = ["bancontact", "ideal", "klarna", "paypal"] as const

/** The fields of a payment with a method that is no card, confirmed at once. */
export const localPayment = (type: keyof typeof wants, more: Fields = {}): Fields => ({
  amount: "1000",
  currency: "eur",
  confirm: "true",
  "payment_method_types[]": type,
  "payment_method_data[type]": type,
  ...wants[type],
  ...more
})

/** The name of the payer's e-mail address. */
export const payerEmail = email

/** Opens a payment that sends the payer to a page: its id, and the page's path. */
export const openPage = async (client: Client, type: (typeof redirecting)[number], more: Fields = {}) => {
  const { body } = await client.post(intents, localPayment(type, more))
  const url = new URL(textAt(body, "next_action.redirect_to_url.url"))
  return { id: textAt(body, "id"), page: url.pathname.replace("/stripe", "") }
}

/** The fields of a card payment by a token. */
export const byToken = (token: string, more: Fields = {}): Fields => ({
  amount: "1000",
  currency: "eur",
  confirm: "true",
  "payment_method_types[]": "card",
  "payment_method_data[type]": "card",
  "payment_method_data[card][token]": token,
  ...more
})
