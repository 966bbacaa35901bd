import type { NextAction } from "@connector-service/domain/NextAction"
import type { CompleteRequest } from "@connector-service/domain/Payment"
import { InvalidField, MissingField } from "@connector-service/domain/Reason"
import { transStatus } from "@connector-service/domain/ThreeDSecure"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { isOnCard, proofOf } from "./paymentMethods.ts"
import type * as W from "./wire.ts"

// ── Asked for, and brought along ─────────────────────────────────────────────

/** What `authenticationResponse` may be. */
const ofChallenge: ReadonlySet<string> = new Set(["Y", "N", "U", "A"])

/**
 * `mpiData`: a network token's cryptogram, what the payer's device proved in a wallet, and the results of a 3-D Secure
 * done elsewhere.
 */
const mpiData = ({ paymentMethod: method, threeDSecureResult: result }: W.Authorize) => {
  const proof = proofOf(method)
  if (proof !== undefined) {
    const { cryptogram, eci } = proof
    return {
      cavv: Redacted.value(cryptogram),
      eci: eci?.padStart(2, "0"),
      directoryResponse: "Y",
      authenticationResponse: "Y"
    }
  }
  const token = method._tag === "NetworkToken" ? method : undefined
  const eci = (result?.eci ?? token?.eci)?.padStart(2, "0")
  if (result === undefined && token?.cryptogram === undefined && eci === undefined) return undefined
  const response = result && transStatus[result.status]
  return {
    tokenAuthenticationVerificationValue: token?.cryptogram && Redacted.value(token.cryptogram),
    eci,
    ...(result && {
      cavv: Redacted.value(result.cryptogram),
      threeDSVersion: result.version,
      [result.version.startsWith("1") ? "xid" : "dsTransID"]: result.transactionId,
      directoryResponse: response,
      authenticationResponse: response !== undefined && ofChallenge.has(response) ? response : undefined
    })
  }
}

/** What of 3-D Secure goes with a payment: native where the payer's browser is known, a redirect otherwise. */
const asked = ({ browser, paymentMethod, returnUrl, threeDSecureRequest, threeDSecureResult }: W.Authorize) => {
  if (!isOnCard(paymentMethod) || threeDSecureResult !== undefined) return {}
  const wanted = threeDSecureRequest === "ALWAYS" || threeDSecureRequest === "CHALLENGE"
  return {
    authenticationData:
      wanted || browser !== undefined
        ? {
            attemptAuthentication: wanted ? "always" : undefined,
            threeDSRequestData: browser && { nativeThreeDS: "preferred" }
          }
        : undefined,
    threeDS2RequestData:
      threeDSecureRequest === "CHALLENGE" || browser !== undefined
        ? {
            // 03: challenge requested, by preference of the merchant
            threeDSRequestorChallengeInd: threeDSecureRequest === "CHALLENGE" ? "03" : undefined,
            // where the issuer posts `cres`, as no library of Adyen's is in the page
            notificationURL: browser && returnUrl
          }
        : undefined
  }
}

/** The payer's browser, and what 3-D Secure wants of a payment. */
export const threeDSecure = (input: W.Authorize) => {
  const { ipAddress, ...browserInfo } = input.browser ?? {}
  return {
    ...(input.browser && { channel: "Web", origin: new URL(input.returnUrl).origin, browserInfo }),
    shopperIP: ipAddress,
    ...asked(input),
    mpiData: mpiData(input)
  }
}

// ── To be done in the payer's browser ────────────────────────────────────────

const optional = Schema.optional(Schema.String)
/** A step's token, decoded: what Adyen's own browser library reads (github.com/Adyen/adyen-web, ThreeDS2/types.ts). */
const Token = Schema.Struct({
  threeDSServerTransID: Schema.String,
  threeDSMethodNotificationURL: optional,
  threeDSMethodURL: optional,
  threeDSMethodUrl: optional,
  acsURL: optional,
  acsTransID: optional,
  messageVersion: optional
})
type Challenge = Extract<NextAction, { readonly _tag: "Challenge" }>
const decodeToken = Schema.decodeUnknownOption(Schema.fromJsonString(Token))
const base64 = (value: object, encoding: "base64" | "base64url") =>
  Buffer.from(JSON.stringify(value)).toString(encoding)

/** The form of EMV 3-D Secure 2 (sections "3DS Method" and "CReq"): base64url without padding. */
const fields = (token: typeof Token.Type, step: Challenge["step"]): Pick<Challenge, "url" | "fields"> => {
  const { acsTransID, acsURL, messageVersion, threeDSMethodNotificationURL, threeDSServerTransID } = token
  return step === "FINGERPRINT"
    ? {
        url: token.threeDSMethodURL ?? token.threeDSMethodUrl,
        fields: { threeDSMethodData: base64({ threeDSServerTransID, threeDSMethodNotificationURL }, "base64url") }
      }
    : {
        url: acsURL,
        fields: {
          creq: base64(
            { threeDSServerTransID, acsTransID, messageVersion, messageType: "CReq", challengeWindowSize: "05" },
            "base64url"
          )
        }
      }
}

/** A step of 3-D Secure 2 as any browser can run it; a token that cannot be read is left to Adyen's library. */
export const challenge = (step: Challenge["step"], token: string): Challenge => {
  const decoded = Option.getOrUndefined(decodeToken(Buffer.from(token, "base64").toString()))
  const form = decoded && fields(decoded, step)
  return {
    _tag: "Challenge",
    step,
    token: Redacted.make(token, { label: "challenge token" }),
    ...(form?.url === undefined ? { fields: {} } : form)
  }
}

// ── Brought back ─────────────────────────────────────────────────────────────

/** `PaymentCompletionDetails`: what is passed on as it came. */
const passedOn = [
  "MD",
  "PaReq",
  "PaRes",
  "authorization_token",
  "billingToken",
  "cupsecureplus.smscode",
  "facilitatorAccessToken",
  "oneTimePasscode",
  "orderID",
  "payerID",
  "payload",
  "paymentID",
  "paymentStatus",
  "redirectResult",
  "resultCode",
  "returnUrlQueryString",
  "threeDSResult",
  "threeds2.challengeResult",
  "threeds2.fingerprint",
  "vaultToken"
] as const
type Fields = Readonly<Record<string, string>>

const Cres = Schema.Struct({ transStatus: Schema.String })
const decodeCres = Schema.decodeUnknownOption(Schema.fromJsonString(Cres))
const unreadable = (field: string, rule: string) => new InvalidField({ field: `returned.${field}`, rule })

/** How the challenge ended: said outright, or inside the issuer's `cres`. */
const statusOf = ({ cres, transStatus }: Fields): Effect.Effect<string | undefined, InvalidField> => {
  if (transStatus !== undefined || cres === undefined) return Effect.succeed(transStatus)
  const told = decodeCres(Buffer.from(cres, "base64url").toString())
  return Option.isSome(told)
    ? Effect.succeed(told.value.transStatus)
    : Effect.fail(unreadable("cres", "a challenge response as the issuer posted it"))
}

/** What Adyen's library would make of the answers of the issuer's pages (adyen-web, ThreeDS2/components/utils.ts). */
const encoded = Effect.fnUntraced(function* (returned: Fields, state: Fields) {
  const completed = returned.threeDSCompInd ?? (returned.threeDSMethodData === undefined ? undefined : "Y")
  if (completed !== undefined) return { "threeds2.fingerprint": base64({ threeDSCompInd: completed }, "base64") }
  const status = yield* statusOf(returned)
  if (status === undefined) return {}
  const { authorisationToken } = state
  if (authorisationToken === undefined) return yield* new MissingField({ field: "state.authorisationToken" })
  return { threeDSResult: base64({ transStatus: status, authorisationToken }, "base64") }
})

/**
 * `PaymentDetailsRequest`: of what the payer brought back, what Adyen documents. A payer who was asked in an app brings
 * nothing: `paymentData` alone says which payment it is.
 */
export const completion = Effect.fnUntraced(function* (returned: CompleteRequest["returned"], state: Fields = {}) {
  if (returned === undefined) {
    return state.paymentData === undefined
      ? yield* new MissingField({ field: "returned" })
      : { details: {}, paymentData: state.paymentData }
  }
  const asItCame = passedOn.flatMap((name) => (returned[name] === undefined ? [] : [[name, returned[name]] as const]))
  const details: Fields = asItCame.length > 0 ? Object.fromEntries(asItCame) : yield* encoded(returned, state)
  if (Object.keys(details).length === 0) {
    return yield* new InvalidField({
      field: "returned",
      rule: `one of ${passedOn.join(", ")}, threeDSMethodData, threeDSCompInd, cres, transStatus`
    })
  }
  // a result of 3-D Secure holds its own token
  return { details, paymentData: details.threeDSResult === undefined ? state.paymentData : undefined }
})
