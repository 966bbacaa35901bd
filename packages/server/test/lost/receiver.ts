import { createServer } from "node:http"
import { Webhook } from "standardwebhooks"
import { keep } from "./keep.ts"

const [, , port = "", file = "", secret = ""] = process.argv
const webhook = new Webhook(secret)

// takes posts, and keeps each event before it answers
createServer((request, response) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk) => chunks.push(chunk))
  request.on("end", () => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const event = webhook.verify(Buffer.concat(chunks), headers) as { readonly id: string }
    keep(file, `${event.id} ${headers["webhook-id"]}`)
    response.writeHead(204).end()
  })
}).listen(Number(port), "127.0.0.1", () => console.log("ready"))
