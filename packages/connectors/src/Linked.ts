/** A place in a list. */
export interface Place<A> {
  value: A | undefined
  before: Place<A> | undefined
  after: Place<A> | undefined
}

/**
 * Values in the order they came, each of which can leave at any time. A Set or a Map whose members come and go makes a
 * new table each time the old one is full of those that left: with lists, a time limit and a wait cost half.
 */
export class Linked<A> {
  #first: Place<A> | undefined
  #last: Place<A> | undefined

  /** The one that came first of those that are there. */
  get first(): Place<A> | undefined {
    return this.#first
  }

  /** Puts a value at the end. */
  add(value: A): Place<A> {
    const place: Place<A> = { value, before: this.#last, after: undefined }
    if (this.#last === undefined) this.#first = place
    else this.#last.after = place
    this.#last = place
    return place
  }

  /** Takes a value out, unless that was done before; its place keeps nothing from the collector. */
  remove(place: Place<A>): void {
    const { after, before, value } = place
    if (value === undefined) return
    if (before === undefined) this.#first = after
    else before.after = after
    if (after === undefined) this.#last = before
    else after.before = before
    place.value = undefined
    place.before = undefined
    place.after = undefined
  }

  /** All that are there now. */
  get values(): ReadonlyArray<A> {
    const all: Array<A> = []
    for (let place = this.#first; place !== undefined; place = place.after) {
      if (place.value !== undefined) all.push(place.value)
    }
    return all
  }
}
