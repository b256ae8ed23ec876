import type { Clock } from '@banso/platform'
import type { RawRecord } from '../domain/record-copy.ts'
import type { Spool } from '../store/spool.ts'

interface Waiting {
  readonly records: readonly RawRecord[]
  readonly resolve: () => void
  readonly reject: (fault: unknown) => void
}

// Rows of one insert.
const MAX_ROWS = 2_000
// Records given to a database that does not answer; beyond, it counts as away at once, so that memory is bounded.
const MAX_UNSETTLED = 20_000

/** One insert is in flight, what arrives meanwhile is the next one: ids rise in the order of acceptance. */
export class SpoolWriter {
  #waiting: Waiting[] = []
  #writing: Promise<void> | undefined
  #unsettled = 0

  constructor(
    private readonly spool: Spool,
    private readonly clock: Clock,
  ) {}

  async add(records: readonly RawRecord[]): Promise<void> {
    if (this.#unsettled + records.length > MAX_UNSETTLED) throw new Error('too many records wait for the spool already')
    this.#unsettled += records.length
    const written = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject })
      this.#writing ??= this.#write()
    })
    return written.finally(() => (this.#unsettled -= records.length))
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const round = this.#waiting.splice(0, this.#roundLength())
      try {
        await this.spool.add(
          round.flatMap(({ records }) => records),
          this.clock.now(),
        )
        for (const { resolve } of round) resolve()
      } catch (fault) {
        for (const { reject } of round) reject(fault)
      }
    }
    this.#writing = undefined
  }

  #roundLength(): number {
    let rows = 0
    const beyond = this.#waiting.findIndex(({ records }, at) => at > 0 && (rows += records.length) > MAX_ROWS)
    return beyond === -1 ? this.#waiting.length : beyond
  }
}
