import type { Logger } from '@banso/platform'
import type { DataSource, EntityManager } from 'typeorm'
import { BufferedWork, type WorkContext } from '../../outbox/buffered-work.ts'
import { WakeUp } from '../../outbox/wake-up.ts'
import { WorkerLoop } from '../../outbox/worker-loop.ts'
import { type ConsumerGroup, consumerGroups } from '../progress/consumer-groups.ts'
import { ConsumerProgress } from '../progress/consumer-progress.ts'
import type { RebuildOptions } from './rebuild-options.ts'

export interface RebuildLoopOptions {
  readonly group: string
  readonly dataSource: DataSource
  readonly work: WorkContext
  readonly logger: Logger
  readonly rebuild: RebuildOptions
  /** While derived state is incomplete, no timer fires. */
  readonly timers: { pause(): Promise<void>; resume(): void }
}

const LOOK_EVERY_MS = 1_000
const KEYS_AT_ONCE = 200

/**
 * Brings a rebuild to its end: when all partitions have reached their marks, publishes the present state once, page by
 * page, and lets the group run. Every instance may do it; a crash goes on at the page it stopped at.
 */
export class RebuildLoop {
  readonly #wake = new WakeUp()
  readonly #loop: WorkerLoop
  #lookAt = 0
  #paused = false
  #beginning = false

  constructor(private readonly options: RebuildLoopOptions) {
    const { group, logger } = options
    this.#loop = new WorkerLoop({ name: `rebuild of ${group}`, step: () => this.#step(), wake: this.#wake, logger })
  }

  /** Start it before the timers: none fires before it is known that nothing is being rebuilt. */
  async start(): Promise<void> {
    await this.#holdTimers(true)
    this.#loop.start()
  }

  async stop(): Promise<void> {
    await this.#loop.stop()
  }

  /** Looks at the group at once: its state was changed in this process. */
  look(): void {
    this.#lookAt = 0
    this.#wake.call()
  }

  /** Begins a rebuild; no timer of this process fires from before the state is cleared. */
  async begin(startRebuild: () => Promise<void>): Promise<void> {
    this.#beginning = true
    try {
      await this.#holdTimers(true)
      await startRebuild()
    } finally {
      this.#beginning = false
      this.look()
    }
  }

  async #step(): Promise<boolean> {
    if (this.#beginning || performance.now() < this.#lookAt) return false
    const { dataSource, group } = this.options
    const found = await consumerGroups.find(dataSource.manager, group)
    if (this.#beginning) return false // what was found may be from before
    const state = found?.state
    await this.#holdTimers(found?.rebuilt ?? false)
    const more = (state === 'rebuilding' && (await this.#finishFolding())) || state === 'republishing'
    if (state === 'republishing') await this.#republish()
    if (!more) this.#lookAt = performance.now() + LOOK_EVERY_MS
    return more
  }

  async #holdTimers(pause: boolean): Promise<void> {
    if (pause === this.#paused) return
    this.#paused = pause
    if (pause) await this.options.timers.pause()
    else this.options.timers.resume()
  }

  /** Whether every partition stands at its mark and nothing waits to be folded silently. */
  async #finishFolding(): Promise<boolean> {
    const { dataSource, group, logger } = this.options
    return dataSource.transaction(async (tx) => {
      const positions = await new ConsumerProgress(group).all(tx, 'lock')
      // Meanwhile the group may have been stopped, or another instance may have come here first.
      if ((await consumerGroups.find(tx, group, 'lock'))?.state !== 'rebuilding') return false
      if (positions.some(({ next, mark }) => mark !== null && next < mark)) return false
      const [waiting] = await tx.query<{ found: boolean }[]>(
        `SELECT EXISTS (SELECT FROM parked_message WHERE group_name = $1 AND state = 'parked' AND muted) AS found`,
        [group],
      )
      if (waiting?.found) return false
      await tx.query('UPDATE consumer_progress SET rebuild_mark = NULL WHERE group_name = $1', [group])
      await changeState(tx, group, 'republishing', null)
      logger.info({ group }, 'the rebuild has folded all events and publishes the present state')
      return true
    })
  }

  async #republish(): Promise<void> {
    const { dataSource, group, rebuild, work: context, logger } = this.options
    const work = await dataSource.transaction(async (tx) => {
      const found = await consumerGroups.find(tx, group, 'lock')
      if (found?.state !== 'republishing') return undefined
      const page = new BufferedWork(tx, context)
      const last = await rebuild.republish(page, found.republishedKey, KEYS_AT_ONCE)
      await changeState(tx, group, last === null ? 'running' : 'republishing', last)
      await page.flush()
      if (last === null) logger.info({ group }, 'the rebuild is done')
      return page
    })
    work?.committed()
  }
}

const changeState = (
  tx: EntityManager,
  group: string,
  state: ConsumerGroup['state'],
  republishedKey: string | null,
): Promise<unknown> =>
  tx.query('UPDATE consumer_group SET state = $2, republished_key = $3, changed_at = now() WHERE name = $1', [
    group,
    state,
    republishedKey,
  ])
