import { HEADER, TRACEPARENT_HEADER } from '@banso/contracts'
import { isSampled, type Span, type SpanAttributes, type SpanStart, type Tracing } from '@banso/platform'
import type { AppendRecord, LogRecord } from '../log/event-log.ts'

/**
 * The spans of records that are processed or sent together: one per record whose trace is kept, child of what the record
 * says caused it. A record of another trace costs a look at its header. What is rolled back is never ended, and so is
 * not told: only what was committed is.
 */
export class RecordSpans<R extends AppendRecord = AppendRecord> {
  readonly #spans = new Map<R, Span>()
  readonly #states = new Map<R, string>()
  readonly #causes = new Map<string, string>()

  private constructor(tracing: Tracing, records: readonly R[], startOf: (record: R) => SpanStart) {
    for (const record of records) {
      const parent = record.headers[TRACEPARENT_HEADER]
      if (parent === undefined) continue
      const span = isSampled(parent) ? tracing.start({ ...startOf(record), parent }) : undefined
      if (span) this.#spans.set(record, span)
      // A key may have a cause that is kept and one that is not: the one that is can be followed.
      if (span || !isSampled(this.#causes.get(record.key))) this.#causes.set(record.key, span?.traceparent ?? parent)
    }
  }

  /** Undefined while tracing is off. */
  static ofProcessing(
    tracing: Tracing,
    group: string,
    records: readonly LogRecord[],
  ): RecordSpans<LogRecord> | undefined {
    if (!tracing.enabled) return undefined
    return new RecordSpans(tracing, records, (record) => ({
      name: `process ${record.topic}`,
      kind: 'consumer',
      attributes: {
        ...attributesOf(record),
        'messaging.operation.type': 'process',
        'messaging.consumer.group.name': group,
        'messaging.kafka.offset': record.offset,
        'messaging.batch.message_count': records.length,
      },
    }))
  }

  /** Undefined while tracing is off. */
  static ofSending(tracing: Tracing, records: readonly AppendRecord[]): RecordSpans | undefined {
    if (!tracing.enabled) return undefined
    return new RecordSpans(tracing, records, (record) => ({
      name: `send ${record.topic}`,
      kind: 'producer',
      attributes: { ...attributesOf(record), 'messaging.operation.type': 'send' },
    }))
  }

  /** `traceparent` of the newest of these records about a key, or of the newest that is kept. */
  causeOf(key: string): string | undefined {
    return this.#causes.get(key)
  }

  /** These end with a fault. */
  fail(records: readonly R[], fault: string): void {
    for (const record of records) this.#states.set(record, fault)
  }

  end(): void {
    for (const [record, span] of this.#spans) span.end({ fault: this.#states.get(record) })
  }
}

const attributesOf = ({ topic, partition, headers }: AppendRecord): SpanAttributes => {
  const { [HEADER.id]: id } = headers
  return {
    'messaging.destination.name': topic,
    'messaging.destination.partition.id': String(partition),
    ...(id !== undefined && { 'messaging.message.id': id }),
  }
}
