import type { LogRecord } from '../../log/event-log.ts'

/** Drops what was committed before: records below the position. */
export const positionFence = (records: readonly LogRecord[], next: number): readonly LogRecord[] => {
  const first = records.findIndex((record) => record.offset >= next)
  return first === -1 ? [] : records.slice(first)
}
