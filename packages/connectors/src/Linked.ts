/** What can be in one list at a time. */
export abstract class Member {
  /** The list it is in, and those beside it there: the list's own to change. */
  list: Linked<Member> | undefined = undefined
  before: Member | undefined = undefined
  after: Member | undefined = undefined

  /** Leaves the list, unless that was done before; what has left keeps nothing from the collector. */
  leave(): void {
    this.list?.remove(this)
  }
}

/**
 * Members in the order they came, each of which can leave at any time. A Set or a Map whose members come and go makes a
 * new table each time the old one is full of those that left: with lists, a time limit and a wait cost half.
 */
export class Linked<A extends Member> {
  #first: Member | undefined
  #last: Member | undefined

  /** The one that came first of those that are there. */
  get first(): A | undefined {
    // no others come in
    return this.#first as A | undefined
  }

  /** Puts one at the end that is in no list. */
  add(member: A): A {
    member.list = this
    member.before = this.#last
    if (this.#last === undefined) this.#first = member
    else this.#last.after = member
    this.#last = member
    return member
  }

  /** Takes one out, unless it is not there. */
  remove(member: Member): void {
    if (member.list !== this) return
    const { after, before } = member
    if (before === undefined) this.#first = after
    else before.after = after
    if (after === undefined) this.#last = before
    else after.before = before
    member.list = undefined
    member.before = undefined
    member.after = undefined
  }

  /** All that are there now. */
  get values(): ReadonlyArray<A> {
    const all: Array<A> = []
    for (let member = this.#first; member !== undefined; member = member.after) all.push(member as A)
    return all
  }
}
