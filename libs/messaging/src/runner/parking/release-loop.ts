import type { TopicPartition } from '../../log/event-log.ts'
import { WakeUp } from '../../outbox/wake-up.ts'
import { WorkerLoop } from '../../outbox/worker-loop.ts'
import { isInfrastructure } from '../faults.ts'
import type { TopicHandler } from '../handlers.ts'
import type { RunnerContext } from '../runner-context.ts'
import { ParkedList, type ParkedKey } from './parked-list.ts'
import { failKey, releaseKey } from './release-key.ts'

const KEYS_AT_ONCE = 20

export interface ReleaseLoopOptions {
  readonly context: RunnerContext
  readonly handlers: ReadonlyMap<string, TopicHandler>
  /** The partitions that this instance consumes now. */
  readonly assigned: () => readonly TopicPartition[]
}

/** Tries parked keys again when they are due, those of this instance's partitions. */
export class ReleaseLoop {
  readonly #wake = new WakeUp()
  readonly #loop: WorkerLoop
  readonly #list: ParkedList

  constructor(private readonly options: ReleaseLoopOptions) {
    const { group, logger } = options.context
    this.#list = new ParkedList(group)
    this.#loop = new WorkerLoop({ name: `releases of ${group}`, step: () => this.#step(), wake: this.#wake, logger })
  }

  start(): void {
    this.#loop.start()
  }

  async stop(): Promise<void> {
    await this.#loop.stop()
  }

  async #step(): Promise<boolean> {
    const { context, assigned } = this.options
    const now = context.work.clock.now()
    const keys = await this.#list.due(context.dataSource.manager, now, assigned(), KEYS_AT_ONCE)
    let more = false
    for (const key of keys) more = (await this.#release(key)) || more
    return more
  }

  async #release(key: ParkedKey): Promise<boolean> {
    const { context, handlers } = this.options
    const handler = handlers.get(key.topic)
    if (!handler) return false
    try {
      return (await releaseKey(context, handler, key)) === 'went on'
    } catch (fault) {
      if (isInfrastructure(fault)) throw fault
      return this.#releaseFirst(handler, key)
    }
  }

  /** What a message wrote cannot be committed: tried alone, the first is not blamed for another. */
  async #releaseFirst(handler: TopicHandler, key: ParkedKey): Promise<boolean> {
    const { context } = this.options
    try {
      return (await releaseKey(context, handler, key, 1)) === 'went on'
    } catch (fault) {
      if (isInfrastructure(fault)) throw fault
      await failKey(context, key, fault)
      return false
    }
  }
}
