import { addresses } from "./Addresses.ts"
import { run } from "./Program.ts"

await run(async (services, print) => print(addresses(services)))
