/** Resolves when well; rejects when not (a BansoError's text is shown, of another error nothing). */
export type ReadinessCheck = () => Promise<void>

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
