import { readdirSync, readFileSync } from "node:fs"
import { dirname, extname, join, relative, resolve } from "node:path"
import { consequences } from "@connector-service/domain/Consequence"
import type { Reason } from "@connector-service/domain/Reason"
import { statuses } from "@connector-service/server/Status"
import { status } from "@grpc/grpc-js"
import { describe, expect, test } from "vitest"
import { root } from "./programs.ts"

const read = (path: string): string => readFileSync(resolve(root, path), "utf8")
const files = readdirSync(resolve(root, "docs"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
const pages = [...files.filter((file) => file.endsWith(".md")), "README.md", "CONTRIBUTING.md"].sort()

/** The blocks of code of a page that are in the language. */
const blocks = (page: string, language: string): ReadonlyArray<string> =>
  [...read(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text = ""]) =>
    name === language ? [text] : []
  )

const webhookPrograms = ["effect", "express", "fastify", "fetch", "hono", "platform"].map(
  (name) => `packages/sdk/test/webhooks/programs/${name}.ts`
)

// the programs are run by the tests beside this one and by those of the SDK and the server
describe("a page shows programs as they stand", () => {
  const endings = { ts: ".ts", js: ".mjs", python: ".py" }
  const shown = pages
    // README's own programs are taken out of it and run
    .filter((page) => !page.startsWith("docs/reference/") && page !== "README.md")
    .flatMap((page) =>
      Object.entries(endings).flatMap(([language, ending]) =>
        blocks(page, language).map((block) => ({ page, ending, block: block.trim() }))
      )
    )
  test.each(shown)("$page", ({ block, ending }) => {
    // these need packages that only the connectors' and the SDK's tests have
    const programs = [...files, "packages/connectors/test/stripe/firstPayment.ts", ...webhookPrograms].filter(
      (file) => extname(file) === ending
    )
    expect(programs.filter((file) => read(file).includes(block))).not.toEqual([])
  })
})

/** The anchors of a page, as GitHub makes them: https://docs.github.com/get-started/writing-on-github, "Section links". */
const anchorsOf = (page: string): ReadonlySet<string> => {
  const taken = new Map<string, number>()
  const headings = [
    ...read(page)
      .replace(/^```[\s\S]*?^```$/gm, "")
      .matchAll(/^#+ (.*)$/gm)
  ]
  return new Set(
    headings.map(([, heading = ""]) => {
      const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase()
      const anchor = text.replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-")
      const times = taken.get(anchor) ?? 0
      taken.set(anchor, times + 1)
      return times === 0 ? anchor : `${anchor}-${times}`
    })
  )
}

const there = (path: string): boolean =>
  readdirSync(resolve(root, dirname(path))).includes(path.split("/").at(-1) ?? "")

test.each(pages)("every link of %s leads somewhere", (page) => {
  const links = [
    ...read(page)
      .replace(/^```[\s\S]*?^```$/gm, "")
      .matchAll(/\]\(([^)\s]+)\)/g)
  ].map(([, to = ""]) => to)
  const broken = links
    .filter((to) => !/^[a-z]+:/.test(to))
    .filter((to) => {
      const [path = "", anchor] = to.split("#")
      const target = path === "" ? page : relative(root, resolve(root, dirname(page), path))
      const isThere = target === "" || pages.includes(target) || files.includes(target) || there(target)
      return !isThere || (anchor !== undefined && !anchorsOf(target).has(anchor))
    })
  expect(broken).toEqual([])
})

// the tables of the page are held against what the callers are told
test("docs/errors.md has every reason in its chapter, with its status and what to do", () => {
  const chapters = new Map(
    read("docs/errors.md")
      .split(/^## /m)
      .map((text) => [text.split("\n", 1)[0] ?? "", text.replace(/ +/g, " ")])
  )
  // the keys of consequences are the reasons' tags
  const tags = Object.keys(consequences).filter((tag) => tag !== "Declined") as ReadonlyArray<Reason["_tag"]>
  for (const tag of tags) {
    const { moneyMoved, nextStep, retryable } = consequences[tag]
    const row = `| \`${tag}\` | ${status[statuses[tag]]} | ${retryable ? "yes" : "no"} | ${nextStep} |`
    expect(chapters.get(moneyMoved)).toContain(row)
  }
})

// docs/reference/configuration.md is printed from the server's settings
test("docs/money-safety.md gives the server's settings as they are", () => {
  const settings = read("docs/reference/configuration.md")
  const page = read("docs/money-safety.md").replaceAll("milliseconds", "millis")
  const said = [...page.matchAll(/(\d+ (?:millis|seconds))[^.|(]*\(`([A-Z_]+)`\)/g)]
  expect(said.map(([, , name]) => name)).toEqual(["ANSWER_MARGIN", "SHUTDOWN_TIMEOUT", "CALL_LIMIT"])
  for (const [, value, name] of said) expect(settings).toContain(`  ${name}=${value}\n`)
})
