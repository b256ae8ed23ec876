import { HEADER, type ServiceName, topicList } from '@banso/contracts'
import { TopicMismatchError } from '../log/errors.ts'
import type { EventLog, LogRecord, PartitionPositions, TopicPartition } from '../log/event-log.ts'

/** Highest sequence that the log's tails hold of this service's outbox, per generation. */
export type SentSequences = ReadonlyMap<number, number>

// Sequences rise along a partition but for records sent again, so its last records tell the highest.
const TAIL_RECORDS = 100
const READS_AT_ONCE = 4

/** Reads the end of every partition that the service writes through its outbox. */
export const sentSequences = async (
  log: Pick<EventLog, 'positions' | 'read'>,
  service: ServiceName,
): Promise<SentSequences> => {
  const owned = topicList.filter((topic) => topic.owner === service)
  const positions = (await Promise.all(owned.map((topic) => positionsOf(log, topic.name)))).flat()
  const waiting = positions.filter(({ start, end }) => end > start)
  const highest = new Map<number, number>()
  const readNext = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { topic, partition, start, end } = next
      await readTail(log, { topic, partition }, Math.max(start, end - TAIL_RECORDS), (record) =>
        note(highest, service, record),
      )
    }
  }
  await Promise.all(Array.from({ length: READS_AT_ONCE }, readNext))
  return highest
}

// A topic that is not made yet holds nothing of ours.
const positionsOf = async (log: Pick<EventLog, 'positions'>, topic: string): Promise<readonly PartitionPositions[]> => {
  try {
    return await log.positions(topic)
  } catch (fault) {
    if (fault instanceof TopicMismatchError) return []
    throw fault
  }
}

const readTail = async (
  log: Pick<EventLog, 'read'>,
  partition: TopicPartition,
  from: number,
  see: (record: LogRecord) => void,
): Promise<void> => {
  for (const record of await log.read(partition, from, TAIL_RECORDS)) see(record)
}

const note = (highest: Map<number, number>, service: ServiceName, { headers }: LogRecord): void => {
  const [kind, owner, generation] = (headers[HEADER.writer] ?? '').split('/')
  const sequence = Number(headers[HEADER.sequence])
  if (kind !== 'outbox' || owner !== service || !Number.isSafeInteger(sequence)) return
  highest.set(Number(generation), Math.max(sequence, highest.get(Number(generation)) ?? 0))
}
