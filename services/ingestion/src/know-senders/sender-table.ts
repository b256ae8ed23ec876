import { type Clock, ProblemError } from '@banso/platform'

/** Entries in memory, of each kind. */
const MAX_ENTRIES = 10_000
/** How long entries stay valid without the database. Milliseconds. */
const VALID_MS = 3_600_000
// Names that nobody knows must not take the database's connections from those who work.
const MAX_LOOK_UPS = 4

export interface SenderSource<T> {
  /** The newest. */
  all(limit: number): Promise<readonly T[]>
  one(name: string): Promise<T | undefined>
  nameOf(sender: T): string
}

const unchecked = (cause?: unknown) =>
  new ProblemError(
    { code: 'SENDER_UNCHECKED', status: 503, detail: 'who you are cannot be checked at the moment; try again' },
    { cause },
  )

/** A bounded table of valid senders, made anew at each refresh; a name that is not in it is looked up once. */
export class SenderTable<T> {
  #known = new Map<string, T>()
  #refreshedAt = Number.NEGATIVE_INFINITY
  readonly #lookUps = new Map<string, Promise<T | undefined>>()

  constructor(
    private readonly clock: Clock,
    private readonly source: SenderSource<T>,
  ) {}

  async refresh(): Promise<void> {
    const senders = await this.source.all(MAX_ENTRIES)
    this.#known = new Map(senders.map((sender) => [this.source.nameOf(sender), sender]))
    this.#refreshedAt = this.clock.now().getTime()
  }

  /** Undefined: there is none. Throws 503 when that cannot be told. */
  async find(name: string): Promise<T | undefined> {
    const fresh = this.clock.now().getTime() - this.#refreshedAt < VALID_MS
    const known = fresh ? this.#known.get(name) : undefined
    return known ?? this.#lookUp(name)
  }

  async #lookUp(name: string): Promise<T | undefined> {
    const underWay = this.#lookUps.get(name)
    if (underWay) return underWay
    if (this.#lookUps.size >= MAX_LOOK_UPS) throw unchecked()
    const lookUp = this.#ask(name).finally(() => this.#lookUps.delete(name))
    this.#lookUps.set(name, lookUp)
    return lookUp
  }

  async #ask(name: string): Promise<T | undefined> {
    try {
      const found = await this.source.one(name)
      // Kept until the next refresh, which finds it among the newest or drops it.
      if (found && this.#known.size < MAX_ENTRIES) this.#known.set(name, found)
      return found
    } catch (cause) {
      throw unchecked(cause)
    }
  }
}
