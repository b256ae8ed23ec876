import type { TopicDeclaration } from '@banso/contracts'
import type { IncomingEvent } from '../events.ts'
import type { Outcomes } from '../outcome.ts'
import type { Chunk } from '../work.ts'

/** What a service does with the events of one topic. */
export interface TopicHandler {
  readonly topic: TopicDeclaration
  /** The event types it wants; others are passed over by header. Absent: all. */
  readonly types?: ReadonlySet<string>
  /** Batch-first; keeps nothing in memory between calls. Without an answer, all are done. */
  handle(events: readonly IncomingEvent[], chunk: Chunk): Promise<Outcomes | undefined>
}

/** Whether its keys are accounts, whose rows are locked before it is called; a person's key has none. */
export const isKeyedByAccount = ({ topic }: TopicHandler): boolean => topic.key === 'account id'
