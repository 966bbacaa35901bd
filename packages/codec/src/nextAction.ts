import type { NextAction } from "@connector-service/domain/NextAction"
import type * as Actions from "@connector-service/proto/payments/v1/next_action"
import type * as Proto from "@connector-service/proto/payments/v1/types"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import type { Full } from "./Codec.ts"
import { challengeStep } from "./enums.ts"
import { time } from "./types.ts"

/** NextAction: its oneof is the domain's `_tag`. One that is not known is none. */
export const nextAction = {
  toProto: (value: NextAction): Full<Proto.NextAction> => {
    switch (value._tag) {
      case "Redirect":
        return {
          action: {
            $case: "redirect",
            value: { method: value.method, url: value.url, fields: value.fields } satisfies Full<Proto.Redirect>
          }
        }
      case "ClientSdk":
        return {
          action: {
            $case: "clientSdk",
            value: { clientSecret: Redacted.value(value.clientSecret) } satisfies Full<Proto.ClientSdk>
          }
        }
      case "Challenge":
        return {
          action: {
            $case: "challenge",
            value: {
              step: challengeStep.toProto(value.step),
              url: value.url,
              fields: value.fields,
              token: value.token && Redacted.value(value.token)
            } satisfies Full<Actions.Challenge>
          }
        }
      case "Wait":
        return {
          action: {
            $case: "wait",
            value: { expiresAt: value.expiresAt && DateTime.toDateUtc(value.expiresAt) } satisfies Full<Actions.Wait>
          }
        }
      case "QrCode":
        return {
          action: {
            $case: "qrCode",
            value: {
              data: value.data,
              url: value.url,
              expiresAt: value.expiresAt && DateTime.toDateUtc(value.expiresAt)
            } satisfies Full<Actions.QrCode>
          }
        }
    }
  },
  fromProto: ({ action }: Proto.NextAction): NextAction | undefined => {
    switch (action?.$case) {
      case "redirect":
        return {
          _tag: "Redirect",
          method: action.value.method === "POST" ? "POST" : "GET",
          url: action.value.url,
          fields: action.value.fields
        }
      case "clientSdk":
        return { _tag: "ClientSdk", clientSecret: Redacted.make(action.value.clientSecret, { label: "client secret" }) }
      case "challenge": {
        const { fields, token, url } = action.value
        const step = challengeStep.fromProto(action.value.step)
        return (
          step && {
            _tag: "Challenge",
            step,
            url,
            fields,
            token: token === undefined ? undefined : Redacted.make(token, { label: "challenge token" })
          }
        )
      }
      case "wait":
        return { _tag: "Wait", expiresAt: time(action.value.expiresAt) }
      case "qrCode":
        return {
          _tag: "QrCode",
          data: action.value.data,
          url: action.value.url,
          expiresAt: time(action.value.expiresAt)
        }
      case undefined:
        return undefined
    }
  }
}
