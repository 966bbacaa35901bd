import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { fail } from "./Failure.ts"

/** The shop's page to which a payer's browser comes back. */
export interface ReturnPage {
  readonly url: string
  /** What the browser brought back last; undefined while it has not come. */
  readonly returned: () => Readonly<Record<string, string>> | undefined
  readonly close: () => Promise<void>
}

/** Opens the page on a free port of loopback. */
export const openReturnPage = (): Promise<ReturnPage> =>
  new Promise((resolve, reject) => {
    let returned: Readonly<Record<string, string>> | undefined
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1")
      if (pathname === "/return") returned = Object.fromEntries(searchParams)
      response.writeHead(pathname === "/return" ? 200 : 404, { "content-type": "text/plain" }).end("Thank you.\n")
    })
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      // A TCP server's address is an AddressInfo once it listens.
      const { port } = server.address() as AddressInfo
      resolve({
        url: `http://127.0.0.1:${port}/return`,
        returned: () => returned,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            server.closeAllConnections()
          })
      })
    })
  })

const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]

interface Form {
  readonly action: string
  readonly fields: URLSearchParams
}

/** The first form of a page that is to be posted, as a browser would send it. */
const formOf = (html: string, page: string): Form | undefined => {
  const [, tag, content] = /(<form\b[^>]*\bmethod="post"[^>]*>)([\s\S]*?)<\/form>/i.exec(html) ?? []
  if (tag === undefined || content === undefined) return undefined
  const fields = new URLSearchParams()
  for (const [input] of content.matchAll(/<input\b[^>]*>/g)) {
    const name = attribute(input, "name")
    if (name !== undefined) fields.append(name, attribute(input, "value") ?? "")
  }
  return { action: new URL(attribute(tag, "action") ?? "", page).href, fields }
}

/** How long a page may take, in milliseconds. */
const patience = 10_000

const visit = (url: string, posted?: URLSearchParams): Promise<Response> =>
  fetch(url, {
    ...(posted === undefined ? {} : { method: "POST", body: posted }),
    signal: AbortSignal.timeout(patience)
  }).catch((error: unknown) => fail(`The payer's browser could not open ${url} (${String(error)}).`))

/**
 * Goes where a payer's browser is sent, posts the first form it finds there, and follows where that leads. Rejects with
 * Failure when a page has none.
 */
export const authenticate = async (redirect: {
  readonly method: "GET" | "POST"
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
}): Promise<void> => {
  const page = await visit(redirect.url, redirect.method === "POST" ? new URLSearchParams(redirect.fields) : undefined)
  const form = formOf(await page.text(), page.url)
  if (!page.ok || form === undefined) return fail(`The page at ${page.url} answered ${page.status} without a form.`)
  const last = await visit(form.action, form.fields)
  if (!last.ok) return fail(`The form of ${page.url} led to an answer of ${last.status} at ${last.url}.`)
}
