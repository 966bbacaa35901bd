import * as S from "@connector-service/domain/Settlement"
import type * as Proto from "@connector-service/proto/payments/v1/settlement"
import type * as Types from "@connector-service/proto/payments/v1/types"
import { found, unsettled } from "./answers.ts"
import { type Full, type Given, request } from "./Codec.ts"
import { duration, filled, money, nonZero } from "./types.ts"

const given = (message: Types.Unsettled): Given<(typeof S.Unsettled)["Encoded"]> => ({
  flow: message.flow,
  reference: message.reference,
  attempt: nonZero(message.attempt),
  paymentId: message.paymentId,
  amount: message.amount && money.fromProto(message.amount),
  firstSentAt: message.firstSentAt,
  lastSentAt: message.lastSentAt,
  state: filled(message.state)
})

/** What an answer that cannot be read says: nothing, and so the outcome stays unknown. */
const unread: S.Settlement = { _tag: "StillUnknown", retryAfter: undefined, awaitWebhook: false }

/** SettlementService.Settle. */
export const settle = {
  request: request(S.SettleRequest, {
    toProto: (value): Full<Proto.SettlementServiceSettleRequest> => ({ unsettled: unsettled.toProto(value.unsettled) }),
    given: (message: Proto.SettlementServiceSettleRequest) => ({
      unsettled: message.unsettled && given(message.unsettled)
    })
  }),
  response: {
    toProto: (value: S.Settlement): Full<Proto.SettlementServiceSettleResponse> => {
      switch (value._tag) {
        case "Taken":
          return {
            settlement: {
              $case: "taken",
              value: { found: found.toProto(value.found) } satisfies Full<Proto.Taken>
            }
          }
        case "NotTaken":
          return {
            settlement: { $case: "notTaken", value: { evidence: value.evidence } satisfies Full<Proto.NotTaken> }
          }
        case "StillUnknown":
          return {
            settlement: {
              $case: "stillUnknown",
              value: {
                retryAfter: value.retryAfter && duration.toProto(value.retryAfter),
                awaitWebhook: value.awaitWebhook
              } satisfies Full<Proto.StillUnknown>
            }
          }
      }
    },
    fromProto: ({ settlement }: Proto.SettlementServiceSettleResponse): S.Settlement => {
      switch (settlement?.$case) {
        case "taken": {
          const value = found.fromProto(settlement.value.found)
          return value === undefined ? unread : { _tag: "Taken", found: value }
        }
        case "notTaken":
          return { _tag: "NotTaken", evidence: settlement.value.evidence }
        case "stillUnknown":
          return {
            _tag: "StillUnknown",
            retryAfter: duration.fromProto(settlement.value.retryAfter),
            awaitWebhook: settlement.value.awaitWebhook
          }
        case undefined:
          return unread
      }
    }
  }
}
