import { setTimeout as delay } from 'node:timers/promises'
import { type DataSource, QueryFailedError } from 'typeorm'
import { type LockKeys, Transactions, type Work } from '../work.ts'
import { BufferedWork, type WorkContext } from './buffered-work.ts'

const RETRIES = 3
const RETRY_PAUSE_MS = 20
const CONFLICTS = new Set(['40P01', '40001']) // deadlock_detected, serialization_failure

/** One transaction of the service's database: locks the keys, runs, flushes; runs again up to 3 times on a conflict. */
export class DatabaseTransactions extends Transactions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly context: WorkContext,
    private readonly lockKeys: LockKeys,
  ) {
    super()
  }

  override async run<R>(keys: readonly string[], run: (work: Work) => Promise<R>): Promise<R> {
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.runOnce([...new Set(keys)].toSorted(), run)
      } catch (fault) {
        if (retries === RETRIES || !isConflict(fault)) throw fault
        await delay(RETRY_PAUSE_MS * (retries + Math.random()))
      }
    }
  }

  private async runOnce<R>(keys: readonly string[], run: (work: Work) => Promise<R>): Promise<R> {
    const done = await this.dataSource.transaction(async (tx) => {
      if (keys.length > 0) await this.lockKeys(tx, keys)
      const work = new BufferedWork(tx, this.context)
      const result = await run(work)
      await work.flush()
      return { result, work }
    })
    done.work.committed()
    return done.result
  }
}

const isConflict = (fault: unknown): boolean =>
  fault instanceof QueryFailedError && 'code' in fault && typeof fault.code === 'string' && CONFLICTS.has(fault.code)
