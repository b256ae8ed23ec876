import type { LogRecord } from '../event-log.ts'
import { recordBytes } from '../record-size.ts'

export interface BatchBounds {
  readonly bytes: number
  readonly records: number
}

/** Records of one partition that were fetched and not yet handed on, in offset order. */
export class LaneBuffer {
  readonly #bounds: BatchBounds
  #records: LogRecord[] = []
  #bytes = 0

  constructor(bounds: BatchBounds) {
    this.#bounds = bounds
  }

  get isEmpty(): boolean {
    return this.#records.length === 0
  }

  /** Holds a whole batch already. */
  get isFull(): boolean {
    return this.#bytes >= this.#bounds.bytes || this.#records.length >= this.#bounds.records
  }

  get isHalfEmpty(): boolean {
    return this.#bytes <= this.#bounds.bytes / 2 && this.#records.length <= this.#bounds.records / 2
  }

  add(records: readonly LogRecord[]): void {
    this.#records = [...this.#records, ...records]
    this.#bytes += sumOfBytes(records)
  }

  /** Gives records back that were taken, in front of the others. */
  putBack(records: readonly LogRecord[]): void {
    this.#records = [...records, ...this.#records]
    this.#bytes += sumOfBytes(records)
  }

  /** The next batch: within the bounds, but at least one record. */
  take(): LogRecord[] {
    let bytes = 0
    let count = 0
    for (const record of this.#records) {
      const after = bytes + recordBytes(record)
      if (count > 0 && (after > this.#bounds.bytes || count >= this.#bounds.records)) break
      bytes = after
      count += 1
    }
    this.#bytes -= bytes
    return this.#records.splice(0, count)
  }

  clear(): void {
    this.#records = []
    this.#bytes = 0
  }
}

const sumOfBytes = (records: readonly LogRecord[]): number =>
  records.reduce((sum, record) => sum + recordBytes(record), 0)
