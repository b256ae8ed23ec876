/**
 * Lets the partitions of a topic take their batches together, so that one transaction can serve them all: those that
 * wait enter in one turn, at the least interval from the turn before. A partition that is slow inside holds up nobody;
 * one that comes after a quiet time enters at once.
 */
export class Turns {
  #waiting: (() => void)[] = []
  #began = Number.NEGATIVE_INFINITY
  #planned: { readonly cancel: () => void; readonly isNow: boolean } | undefined

  /** `leastIntervalMs`: from the beginning of one turn to that of the next, unless one of those who wait is in a hurry. */
  constructor(private readonly leastIntervalMs: number) {}

  async run<R>(task: () => Promise<R>, inHurry: boolean): Promise<R> {
    await new Promise<void>((enter) => {
      this.#waiting.push(enter)
      this.#plan(inHurry)
    })
    return task()
  }

  #plan(inHurry: boolean): void {
    const restMs = inHurry ? 0 : this.#began + this.leastIntervalMs - performance.now()
    const isNow = restMs <= 0
    if (this.#planned && (this.#planned.isNow || !isNow)) return
    this.#planned?.cancel()
    this.#planned = { isNow, cancel: isNow ? this.#soon() : this.#in(restMs) }
  }

  /** Those who come in the same turn of the event loop, from one transaction, go into the next one together. */
  #soon(): () => void {
    const immediate = setImmediate(() => this.#begin())
    return () => clearImmediate(immediate)
  }

  #in(ms: number): () => void {
    const timer = setTimeout(() => this.#begin(), ms)
    return () => clearTimeout(timer)
  }

  #begin(): void {
    this.#planned = undefined
    this.#began = performance.now()
    const entering = this.#waiting
    this.#waiting = []
    for (const enter of entering) enter()
  }
}
