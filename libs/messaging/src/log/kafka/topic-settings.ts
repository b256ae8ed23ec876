import type { TopicDeclaration } from '@banso/contracts'
import { ROUND_BYTES_PER_PARTITION } from '../append-queue.ts'

/** What a round and a record take in Kafka's format beyond key, value and headers, at most. */
const FORMAT_FACTOR = 2

/** Kafka limits batches, not records: room for the largest record and for a whole round of small ones. */
const batchBytes = (declared: TopicDeclaration): number =>
  FORMAT_FACTOR * Math.max(declared.maxRecordBytes, ROUND_BYTES_PER_PARTITION)

/** A topic's configuration in Kafka's terms. */
export const settingsOf = (declared: TopicDeclaration, minCompactionLagMs: number): Record<string, string> => ({
  'cleanup.policy': declared.compacted ? 'compact' : 'delete',
  'retention.ms': String(declared.retentionMs ?? -1),
  'retention.bytes': '-1',
  'max.message.bytes': String(batchBytes(declared)),
  ...(declared.compacted && { 'min.compaction.lag.ms': String(minCompactionLagMs) }),
})

/** More than declared is fine for these. */
const AT_LEAST = new Set(['max.message.bytes', 'min.compaction.lag.ms'])

/** How a topic differs from its declaration, in words; empty: it does not. */
export const mismatches = (
  declared: TopicDeclaration,
  partitions: number,
  found: Readonly<Record<string, string>>,
  minCompactionLagMs: number,
): string[] => {
  const different = Object.entries(settingsOf(declared, minCompactionLagMs)).filter(([name, value]) =>
    AT_LEAST.has(name) ? Number(found[name]) < Number(value) : found[name] !== value,
  )
  const counted = partitions === declared.partitions ? [] : [['partitions', String(declared.partitions)] as const]
  return [...counted, ...different].map(([name, value]) => {
    const is = name === 'partitions' ? partitions : found[name]
    return `${name} is ${is}, declared is ${value}`
  })
}
