const LARGEST = 1_000
/** Those of all partitions of a topic are processed together. */
const FIRST = 128
/** A chunk should take well under 3 s: other transactions wait for the accounts that it has locked. */
const TOO_LONG_MS = 2_000
const SHORT_MS = 1_000

/** How many records the next chunk of a partition may have: fewer after a slow or a failed one, more after quick ones. */
export class ChunkSize {
  #size = FIRST

  get current(): number {
    return this.#size
  }

  took(ms: number): void {
    if (ms > TOO_LONG_MS) this.halve()
    else if (ms < SHORT_MS) this.#size = Math.min(LARGEST, this.#size * 2)
  }

  halve(): void {
    this.#size = Math.max(1, Math.floor(this.#size / 2))
  }
}
