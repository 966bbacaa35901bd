/** What takes its time; `start` begins it, once, and hands over what it comes to. */
export class Later<A> {
  readonly start: (use: (value: A) => void) => void

  constructor(start: (use: (value: A) => void) => void) {
    this.start = start
  }
}
