/** Most webhooks under way at once to a target that did not answer in time. */
const PLACES_OF_SLOW = 4

interface Target {
  underWay: number
  slow: boolean
}

/** Keeps targets that do not answer from taking every place: each of them gets a few until it answers in time again. */
export class SlowTargets {
  readonly #targets = new Map<string, Target>()

  /** Runs `send` when there is a place for the target, else gives null. `isSlow` judges what came of it. */
  async within<T>(target: string, send: () => Promise<T>, isSlow: (sent: T) => boolean): Promise<T | null> {
    const place = this.#targets.get(target) ?? { underWay: 0, slow: false }
    if (place.slow && place.underWay >= PLACES_OF_SLOW) return null
    this.#targets.set(target, place)
    place.underWay += 1
    try {
      const sent = await send()
      place.slow = isSlow(sent)
      return sent
    } finally {
      place.underWay -= 1
      if (place.underWay === 0 && !place.slow) this.#targets.delete(target)
    }
  }
}
