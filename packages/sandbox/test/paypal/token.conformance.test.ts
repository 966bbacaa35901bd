import { checks } from "@connector-service/conformance/Check"
import { captureRequests } from "@connector-service/conformance/Interceptor"
import {
  ApiError,
  Client,
  Environment,
  OAuthAuthorizationController,
  OAuthProviderError
} from "@paypal/paypal-server-sdk"
import { expect, test } from "vitest"
import { sandboxForTests } from "../client.ts"
import { askToken } from "./client.ts"

const sandbox = await sandboxForTests()
const check = checks({ connector: "paypal", flow: "POST /v1/oauth2/token", kind: "sandbox" })

/** What the SDK makes of the sandbox's reply. No published file describes it: the SDK's own schema does. */
const read = async (secret: string): Promise<unknown> => {
  const { status, text } = await askToken(sandbox, "id", secret)
  let outcome: unknown
  await captureRequests(
    async () => {
      const oauth = new OAuthAuthorizationController(new Client({ environment: Environment.Sandbox }))
      outcome = await oauth.requestToken({ authorization: "Basic aWQ6c2VjcmV0" }).then(
        ({ result }) => result,
        (error: unknown) => error
      )
    },
    () => ({ status, headers: { "content-type": "application/json" }, body: text })
  )
  return outcome
}

test("the official SDK reads a token", check, async () => {
  expect(await read("secret")).toMatchObject({
    accessToken: expect.stringMatching(/./),
    tokenType: "Bearer",
    expiresIn: 32_400n,
    scope: expect.stringMatching(/./)
  })
})

test("the official SDK reads the refusal of a token", check, async () => {
  const refused = await read("wrong")
  expect(refused).toBeInstanceOf(ApiError)
  expect(refused).toMatchObject({ statusCode: 401, result: { error: OAuthProviderError.InvalidClient } })
})
