import type { Services } from "./Services.ts"

/** What a reader needs to call the running services, in lines. */
export const addresses = ({ grpc, http, sandbox }: Services): string => `
gRPC     ${grpc}
RPC      ${http}/rpc
Health   ${http}/readyz
Sandbox  ${sandbox}/_sandbox/ledger

A call of your own, from the folder that holds package.json:

npx buf curl --protocol grpc --http2-prior-knowledge \\
  -H 'x-connector: stripe' -H 'x-environment: sandbox' -H 'x-account: sandbox' \\
  -d @docs/examples/PaymentService.Authorize.stripe.json \\
  http://${grpc}/payments.v1.PaymentService/Authorize

Ctrl-C ends it.`
