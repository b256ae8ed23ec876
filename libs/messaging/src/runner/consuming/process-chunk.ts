import type { LogRecord, TopicPartition } from '../../log/event-log.ts'
import type { Fetched, Refusal } from '../chunk/admission.ts'
import type { Position } from '../progress/consumer-progress.ts'

/** Consecutive records of a partition, and where they were fetched. */
export interface ChunkRequest extends TopicPartition, Fetched {
  readonly records: readonly LogRecord[]
}

/** What became of a chunk, and where the partition stands now. */
export type ChunkResult =
  | { readonly kind: 'refused'; readonly why: Refusal; readonly position: Position }
  | { readonly kind: 'committed'; readonly position: Position }

/**
 * Processes chunks of different partitions of one topic, together; answers in their order. Rejects when nothing was
 * committed or that is not known; called again with the same records it must do what is missing, no more.
 */
export type ProcessChunks = (chunks: readonly ChunkRequest[]) => Promise<readonly ChunkResult[]>
