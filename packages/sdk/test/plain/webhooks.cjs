const { stripe } = require("@connector-service/connectors/stripe")
const { inProcess } = require("@connector-service/sdk/InProcess")
const { webhook: express } = require("@connector-service/sdk/webhooks/Express")
const { webhook: fastify } = require("@connector-service/sdk/webhooks/Fastify")
const { webhook } = require("@connector-service/sdk/webhooks/Fetch")
const { webhook: hono } = require("@connector-service/sdk/webhooks/Hono")

const webhookSecrets = [{ signingSecret: "whsec_plain" }]
const client = inProcess({ connectors: [stripe], connector: "stripe", environment: "sandbox", webhookSecrets })
const onFailure = ({ reason }) => console.log(reason._tag)
const handle = webhook(client, () => undefined, { onFailure })
handle(new Request("https://shop.example/webhooks", { method: "POST", body: "{}" })).then(async ({ status }) => {
  console.log(status, typeof express, typeof fastify, typeof hono)
  await client.close()
})
