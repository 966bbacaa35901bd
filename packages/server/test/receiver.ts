import { createServer, type ServerResponse } from "node:http"
import { onTestFinished } from "vitest"

/** What was posted to a receiver. */
export interface Post {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: Record<string, string>
  readonly body: string
}

/** How a post is answered: with a status, not at all, by breaking the connection, or with a body that does not end. */
export type Answer = number | "nothing" | "break" | "endless"

/** A receiver of posts. */
export interface Receiver {
  readonly url: string
  readonly posts: ReadonlyArray<Post>
  /** Resolves once so many have come. */
  readonly came: (count: number) => Promise<void>
  /** Resolves once whoever posts has left an answer that does not end. */
  readonly left: Promise<void>
}

/** The first of what was posted. */
export const firstOf = ([first]: ReadonlyArray<Post>): Post => {
  if (first === undefined) throw new Error("nothing was posted")
  return first
}

/** Receives posts until the test has ended, and answers each as it is told to. */
export const receiving = (answerTo: (post: Post, index: number) => Answer): Promise<Receiver> =>
  new Promise((resolve) => {
    const posts: Array<Post> = []
    const watching = new Set<() => void>()
    const left = Promise.withResolvers<void>()
    const answer = (response: ServerResponse, how: Answer) => {
      if (how === "break") return void response.socket?.destroy()
      if (how === "endless") return void response.once("close", left.resolve).writeHead(200).write("and")
      if (how !== "nothing") response.writeHead(how, how === 307 ? { location: "/elsewhere" } : {}).end("answered")
    }
    const server = createServer((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk) => chunks.push(chunk))
      request.on("end", () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)])
        )
        const { method, url } = request
        const post = { method, path: url, headers, body: Buffer.concat(chunks).toString() }
        posts.push(post)
        answer(response, answerTo(post, posts.length - 1))
        for (const look of watching) look()
      })
    })
    onTestFinished(
      () =>
        new Promise<void>((done) => {
          server.close(() => done())
          server.closeAllConnections()
        })
    )
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resolve({
        url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/hooks`,
        posts,
        left: left.promise,
        came: (count) =>
          new Promise((done) => {
            const look = () => {
              if (posts.length >= count) done()
            }
            watching.add(look)
            look()
          })
      })
    })
  })

/** The same, by the place of each post; those that come after are taken. */
export const receiver = (...answers: ReadonlyArray<Answer>): Promise<Receiver> =>
  receiving((_post, index) => answers[index] ?? 200)
