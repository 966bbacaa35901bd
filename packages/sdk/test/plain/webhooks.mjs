import { stripe } from "@connector-service/connectors/stripe"
import { inProcess } from "@connector-service/sdk/InProcess"
import { webhook as express } from "@connector-service/sdk/webhooks/Express"
import { webhook as fastify } from "@connector-service/sdk/webhooks/Fastify"
import { webhook } from "@connector-service/sdk/webhooks/Fetch"
import { webhook as hono } from "@connector-service/sdk/webhooks/Hono"

const webhookSecrets = [{ signingSecret: "whsec_plain" }]
const client = inProcess({ connectors: [stripe], connector: "stripe", environment: "sandbox", webhookSecrets })
const onFailure = ({ reason }) => console.log(reason._tag)
const handle = webhook(client, () => undefined, { onFailure })
const { status } = await handle(new Request("https://shop.example/webhooks", { method: "POST", body: "{}" }))
console.log(status, typeof express, typeof fastify, typeof hono)
await client.close()
