import { parentPort, workerData } from "node:worker_threads"
import { runShare, type Share } from "./Run.ts"

// main.ts gives nothing else
parentPort?.postMessage(runShare(workerData as Share))
