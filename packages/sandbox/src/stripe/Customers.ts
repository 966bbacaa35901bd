import { newId, randomText } from "../Random.ts"
import type { Context } from "./Account.ts"
import { mergeMetadata, readAddress, readShipping } from "./Cards.ts"
import type { Customer } from "./Objects.ts"
import { hasHash, hashOf, listOf, type Params, textOf } from "./Parameters.ts"
import { missing, type Refusal } from "./Refusal.ts"

/** `POST /v1/customers`. */
export const createCustomer = (context: Context, _id: string, params: Params): Customer => {
  const id = newId("cus_").slice(0, 18)
  const object: Customer = {
    id,
    object: "customer",
    address: hasHash(params, "address") ? readAddress(hashOf(params, "address")) : null,
    balance: 0,
    created: context.now,
    currency: null,
    default_source: null,
    delinquent: false,
    description: textOf(params, "description") ?? null,
    discount: null,
    email: textOf(params, "email") ?? null,
    invoice_prefix: randomText(8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: mergeMetadata({}, params),
    name: textOf(params, "name") ?? null,
    next_invoice_sequence: 1,
    phone: textOf(params, "phone") ?? null,
    preferred_locales: listOf(params, "preferred_locales") ?? [],
    shipping: hasHash(params, "shipping") ? readShipping(hashOf(params, "shipping")) : null,
    tax_exempt: "none",
    test_clock: null
  }
  return context.account.customers.add({ id, object }).object
}

/** `GET /v1/customers/:id`. */
export const retrieveCustomer = (context: Context, id: string): Customer | Refusal =>
  context.account.customers.get(id)?.object ?? missing(404, "customer", id, "id")
