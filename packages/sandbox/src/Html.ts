import type { Reply } from "./Processor.ts"

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

/** Text as it may stand in an element or in a double-quoted attribute. */
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => entities[sign] ?? sign)

/** A page that a payer's browser sees; `body` is HTML. */
export const html = (status: number, title: string, body: string): Reply => ({
  status,
  headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" },
  body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body>${body}</body></html>`
})

/** A form of hidden fields with one button, whose id is `id`. */
export const buttonForm = (
  action: string,
  fields: Readonly<Record<string, string>>,
  id: string,
  label: string
): string => {
  const inputs = Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join("")
  return `<form method="post" action="${escapeHtml(action)}">${inputs}<button type="submit" id="${id}">${label}</button></form>`
}

/** A button that posts `outcome` to `action`. */
export const outcomeButton = (action: string, outcome: string, label: string): string =>
  buttonForm(action, { outcome }, outcome, label)
