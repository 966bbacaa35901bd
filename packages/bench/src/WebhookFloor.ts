import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import Stripe from "stripe"

const { webhooks } = new Stripe("sk_test_bench")
const secret = process.env.WEBHOOK_SECRET ?? ""

/** The least that takes a webhook: Stripe's own SDK proves and parses it, and its object is written as a line. */
const server = createServer((request, response) => {
  const pieces: Array<Buffer> = []
  request.on("data", (piece: Buffer) => pieces.push(piece))
  request.on("end", () => {
    const event = webhooks.constructEvent(Buffer.concat(pieces), request.headers["stripe-signature"] ?? "", secret)
    process.stdout.write(`${JSON.stringify(event.data.object)}\n`, () =>
      response.writeHead(200, { "content-length": 0 }).end()
    )
  })
})
server.listen(0, "127.0.0.1", () => {
  // a TCP server's address is an AddressInfo once it listens
  const { port } = server.address() as AddressInfo
  process.stderr.write(`Listening: HTTP on 127.0.0.1:${port}.\n`)
})
process.once("SIGTERM", () => process.exit(0))
