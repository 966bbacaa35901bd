import { Decline, DeclineAction, DeclineCode, DeclineKind, decline, declines } from "@connector-service/domain/Decline"
import { Schema } from "effect"
import { describe, expect, it } from "vitest"

describe("the table of declines", () => {
  it.each(Object.entries(declines))("%s says whether and how to go on, and what to tell the payer", (code, meaning) => {
    expect(Schema.is(DeclineCode)(code)).toBe(true)
    expect(Schema.is(DeclineKind)(meaning.kind)).toBe(true)
    expect(Schema.is(DeclineAction)(meaning.action)).toBe(true)
    expect(meaning.payerMessage).toMatch(/^[A-Z].{10,140}\.$/)
  })

  it.each(Object.entries(declines))("%s gives advice that fits its kind", (_, { action, kind }) => {
    if (action === "DO_NOT_RETRY" || action === "OTHER_PAYMENT_METHOD") return
    // an expired card or a wrong number is hard, and yet the payer can correct it
    if (kind === "HARD") expect(["CORRECT_DETAILS", "CONTACT_ISSUER"]).toContain(action)
  })

  // the networks forbid trying again on these: Visa's category 1, Mastercard's advice 03
  it.each(["LOST_CARD", "STOLEN_CARD", "PICK_UP_CARD", "STOPPED_BY_PAYER"] as const)(
    "%s is never tried again",
    (code) => {
      expect(declines[code]).toMatchObject({ kind: "HARD", action: "DO_NOT_RETRY" })
    }
  )

  it("tells no payer that a card is lost, stolen or suspected", () => {
    for (const { payerMessage } of Object.values(declines)) {
      expect(payerMessage).not.toMatch(/lost|stolen|fraud|suspect|block|restrict|risk/i)
    }
    const secret = ["LOST_CARD", "STOLEN_CARD", "SUSPECTED_FRAUD", "BLOCKED", "UNRECOGNIZED"] as const
    expect(new Set(secret.map((code) => declines[code].payerMessage)).size).toBe(1)
  })
})

describe("a decline", () => {
  it("holds our words beside the processor's own", () => {
    const raw = { rawCode: "51", rawMessage: "Not sufficient funds", networkDeclineCode: "51", networkAdviceCode: "02" }
    const made = decline("INSUFFICIENT_FUNDS", raw)
    expect(made).toEqual({ code: "INSUFFICIENT_FUNDS", ...declines.INSUFFICIENT_FUNDS, ...raw })
    expect(Schema.is(Decline)(made)).toBe(true)
  })

  it("of a code that nobody knows is unrecognized, and says what it was", () => {
    expect(decline(undefined, { rawCode: "Z9" })).toEqual({
      code: "UNRECOGNIZED",
      ...declines.UNRECOGNIZED,
      rawCode: "Z9"
    })
  })
})
