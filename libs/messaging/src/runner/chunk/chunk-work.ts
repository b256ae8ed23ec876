import type { EntityManager } from 'typeorm'
import { BufferedWork, type WorkContext } from '../../outbox/buffered-work.ts'
import type { Outcomes } from '../../outcome.ts'
import type { Chunk } from '../../work.ts'
import { RecordSpans } from '../../tracing/record-spans.ts'
import type { LogRecord } from '../../log/event-log.ts'
import type { TopicHandler } from '../handlers.ts'
import { isInfrastructure } from '../faults.ts'
import { type Attempt, UndoneError } from './bisecting.ts'
import type { Decoded } from './decode.ts'

/** The transaction of a chunk as its handler sees it; while rebuilding it publishes and schedules nothing. */
export class ChunkWork extends BufferedWork implements Chunk {
  private spans: RecordSpans<LogRecord> | undefined

  constructor(
    tx: EntityManager,
    context: WorkContext,
    readonly rebuilding: boolean,
  ) {
    super(tx, context)
    if (rebuilding) this.mute()
  }

  /** From now on what is published about a key is caused by its newest record among these. A rebuild is no new cause. */
  causedBy(group: string, records: readonly LogRecord[]): void {
    if (!this.rebuilding) this.spans = RecordSpans.ofProcessing(this.tracing, group, records)
  }

  /** These were not done: they are parked, or dead. */
  undone(records: readonly LogRecord[], state: 'parked' | 'dead'): void {
    this.spans?.fail(records, state)
  }

  override committed(): void {
    super.committed()
    this.spans?.end()
  }

  protected override causeOf(key: string): string | undefined {
    return this.spans?.causeOf(key)
  }
}

/** Calls the handler without a savepoint; throws `UndoneError` where one is needed. */
export const wholeAttempt =
  (handler: TopicHandler, work: ChunkWork): Attempt =>
  async (items, keep) => {
    const outcomes = await called(handler, work, items).catch((cause: unknown) => {
      throw isInfrastructure(cause) ? cause : new UndoneError('the handler failed', { cause })
    })
    if (!keep(outcomes)) throw new UndoneError('some messages were not done')
    return outcomes
  }

const called = async (handler: TopicHandler, work: ChunkWork, items: readonly Decoded[]): Promise<Outcomes> => {
  const events = items.map((item) => item.event)
  return (await handler.handle(events, work)) ?? events.map(() => ({ kind: 'done' }) as const)
}

/** Calls the handler inside a savepoint; what it wrote, published and scheduled goes when it throws or is not kept. */
export const attemptsOf =
  (handler: TopicHandler, work: ChunkWork): Attempt =>
  async (items, keep) => {
    const mark = work.mark()
    const undo = async (): Promise<void> => {
      work.reset(mark)
      await work.tx.query('ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt')
    }
    await work.tx.query('SAVEPOINT attempt')
    let outcomes: Outcomes
    try {
      outcomes = await called(handler, work, items)
    } catch (fault) {
      await undo()
      throw fault
    }
    if (keep(outcomes)) await work.tx.query('RELEASE SAVEPOINT attempt')
    else await undo()
    return outcomes
  }
