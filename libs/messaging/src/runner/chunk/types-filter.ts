import { HEADER } from '@banso/contracts'
import type { LogRecord } from '../../log/event-log.ts'

/** Passes over the types that a handler does not want, by header: their values are never parsed. */
export const typesFilter = (
  records: readonly LogRecord[],
  types: ReadonlySet<string> | undefined,
): readonly LogRecord[] => (types ? records.filter((record) => types.has(record.headers[HEADER.type] ?? '')) : records)
