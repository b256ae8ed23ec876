/** Resolves when well; rejects when not (a BansoError's text is shown, of another error nothing). */
export type ReadinessCheck = () => Promise<void>

const CHECK_TIMEOUT_MS = 3_000

/** What must be well for the service to be ready. Each part of a service adds what it needs. */
export class Readiness {
  readonly #checks = new Map<string, ReadinessCheck>()

  /** A name that is taken already is an error of the program. */
  add(name: string, check: ReadinessCheck): void {
    if (this.#checks.has(name)) throw new Error(`a readiness check named ${name} exists`)
    this.#checks.set(name, check)
  }

  checks(): ReadonlyMap<string, ReadinessCheck> {
    return this.#checks
  }
}

/** A check that gives no answer in time is not well. */
export const withinTime = async (work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_TIMEOUT_MS)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
