import type { Delivery } from "@connector-service/domain/Delivery"
import type { Seeded } from "@connector-service/proof/Seeded"
import { changeText } from "./TextChanges.ts"

/** Makes something else of a delivery; `other` is another genuine one. */
type DeliveryChange = (chance: Seeded, delivery: Delivery, other: Delivery) => Delivery

type Header = readonly [name: string, value: string]

const withBody =
  (change: (chance: Seeded, body: Buffer) => Uint8Array): DeliveryChange =>
  (chance, delivery) => ({ ...delivery, body: change(chance, Buffer.from(delivery.body)) })

const withHeaders =
  (
    change: (chance: Seeded, headers: Array<Header>, at: number, other: Delivery) => ReadonlyArray<Header>
  ): DeliveryChange =>
  (chance, delivery, other) => {
    const headers = [...delivery.headers]
    return { ...delivery, headers: change(chance, headers, chance.whole(0, Math.max(0, headers.length - 1)), other) }
  }

const put = (headers: Array<Header>, at: number, ...fields: ReadonlyArray<Header>): ReadonlyArray<Header> =>
  headers.toSpliced(at, 1, ...fields)

const fieldAt = (headers: ReadonlyArray<Header>, at: number): Header => headers[at] ?? ["", ""]

const changes: readonly [DeliveryChange, ...ReadonlyArray<DeliveryChange>] = [
  withBody((chance, body) => Buffer.from(changeText(chance, body.toString()))),
  withBody((chance, body) => {
    const at = chance.whole(0, Math.max(0, body.length - 1))
    body[at] = (body[at] ?? 0) ^ (1 << chance.whole(0, 7))
    return body
  }),
  withBody((chance, body) => body.subarray(0, chance.whole(0, body.length))),
  // the same text in other encodings
  withBody((chance, body) => {
    const text = body.toString()
    return chance.one([
      Buffer.from(`\ufeff${text}`),
      Buffer.from(text, "utf16le"),
      Buffer.from(text, "latin1"),
      Buffer.concat([body, Buffer.from([chance.whole(0, 255)])]),
      Buffer.concat([Buffer.from([0xff, 0xfe]), body]),
      Buffer.from(text, "base64"),
      Buffer.from(encodeURIComponent(text)),
      new Uint8Array()
    ])
  }),
  withHeaders((_chance, headers, at) => headers.toSpliced(at, 1)),
  withHeaders((chance, headers, at) => {
    const [name, value] = fieldAt(headers, at)
    return put(headers, at, [name, value], [name, chance.once(2) ? value : changeText(chance, value)])
  }),
  withHeaders((chance, headers, at) => {
    const [name, value] = fieldAt(headers, at)
    return put(headers, at, [chance.once(2) ? name.toUpperCase() : name.toLowerCase(), value])
  }),
  withHeaders((chance, headers, at) => {
    const [name, value] = fieldAt(headers, at)
    return put(headers, at, [name, changeText(chance, value)])
  }),
  withHeaders((chance, headers, at) => {
    const [name, value] = fieldAt(headers, at)
    const spelt = [
      ` ${value}`,
      `${value} `,
      `${value},`,
      `${value},${value}`,
      value.toUpperCase(),
      value.toLowerCase(),
      ""
    ]
    return put(headers, at, [name, spelt[chance.whole(0, spelt.length - 1)] ?? ""])
  }),
  withHeaders((chance, headers, at, other) => {
    const [name] = fieldAt(headers, at)
    return put(headers, at, other.headers.find(([theirs]) => theirs === name) ?? [name, changeText(chance, name)])
  }),
  withHeaders((chance, headers) => headers.toSorted(() => chance.whole(-1, 1))),
  withHeaders((chance, headers, at) => {
    const [name, value] = fieldAt(headers, at)
    return [...headers, ...Array.from({ length: chance.whole(1, 200) }, (): Header => [name, value])]
  }),
  withHeaders((chance, headers, at) =>
    put(headers, at, [fieldAt(headers, at)[0], "t=1,v1=".repeat(chance.whole(1, 2000))])
  ),
  (_chance, delivery, other) => ({ ...delivery, headers: other.headers }),
  (_chance, delivery, other) => ({ ...delivery, body: other.body }),
  (chance, delivery) => ({ ...delivery, url: changeText(chance, delivery.url) }),
  (chance, delivery) => ({ ...delivery, method: chance.one(["GET", "PUT", "post", ""]) })
]

/** Changes a delivery in one way. */
export const changeDelivery: DeliveryChange = (chance, delivery, other) => chance.one(changes)(chance, delivery, other)
