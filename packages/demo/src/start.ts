import { addresses } from "./Addresses.ts"
import { run } from "./Program.ts"
import { tour } from "./Tour.ts"

await run(
  async (services, print) => {
    await tour(services, print)
    print(addresses(services))
  },
  // the tour subscribes to events
  { ...process.env, EVENT_SINK: "grpc" }
)
