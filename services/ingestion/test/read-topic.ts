import type { EventLog, LogRecord } from '@banso/messaging'
import Type from 'typebox'
import Value from 'typebox/value'

const Fields = Type.Record(Type.String(), Type.Unknown())

/** Everything on a topic, by partition and offset. */
export const partitionsOf = async (log: EventLog, topic: string): Promise<LogRecord[]> => {
  const records: LogRecord[] = []
  for (const { partition, start, end } of await log.positions(topic))
    for (let from = start; from < end;) {
      const some = await log.read({ topic, partition }, from, 1_000)
      records.push(...some)
      from = (some.at(-1)?.offset ?? end) + 1
    }
  return records
}

export const dataOf = (record: LogRecord): Record<string, unknown> =>
  Value.Parse(Fields, JSON.parse(record.value.toString('utf8')))
