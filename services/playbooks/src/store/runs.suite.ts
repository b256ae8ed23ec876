import { Blueprints } from '@banso/blueprints'
import { migrate, openCalendar } from '@banso/platform'
import { createDatabase, createMigratedDatabase, eventually, type TestDatabase } from '@banso/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import type { RunState } from '../domain/run-state.ts'
import { dataSourceOptions } from './data-source.ts'
import { CreatePlaybooks1795356000200 } from './migrations/1795356000200-create-playbooks.ts'
import { Playbooks } from './playbooks.ts'
import { RunReads } from './run-reads.ts'
import { type NewRun, Runs } from './runs.ts'
import { SecretBox } from './secret-box.ts'

const NOW = new Date('2026-03-20T09:00:00Z')
const WAITING: RunState = {
  status: 'running',
  step: 'recovery',
  waiting: { for: 'condition', until: '2026-04-03T09:00:00.000Z' },
  goals: [],
  held: [],
}

const newRun = (overrides: Partial<NewRun> = {}): NewRun => ({
  id: randomUUID(),
  playbook: 'waits',
  version: 1,
  accountId: randomUUID(),
  dedupeKey: 'key',
  occurredAt: NOW,
  decidedAt: NOW,
  why: { triggerEventId: 'e\u0000', triggerType: 't', evidence: [], values: {} },
  heldBack: null,
  ...overrides,
})

export const describeRuns = (): void => {
  describe('runs', () => {
    const runs = new Runs()
    let database: TestDatabase
    let source: DataSource

    beforeAll(async () => {
      database = await createMigratedDatabase('playbooks', (url) => migrate(dataSourceOptions(url)))
      source = await new DataSource(dataSourceOptions(database.url)).initialize()
    })
    afterAll(async () => {
      await source?.destroy()
      await database?.drop()
    })
    beforeEach(() => source.query('TRUNCATE run, run_step, action'))

    const add = async (state: RunState, ...added: NewRun[]): Promise<void> => {
      await runs.add(source.manager, added)
      const moved = added.map(({ id }) => ({ id, state, trail: [] }))
      await runs.move(source.manager, moved, [], NOW)
    }

    it('the time zone is that of the first start', async () => {
      expect((await openCalendar(source, 'Asia/Tokyo')).zone).toBe('Asia/Tokyo')
      await expect(openCalendar(source, 'UTC')).rejects.toThrow('set BANSO_TIMEZONE=Asia/Tokyo')
    })

    it('keeps what a run did in order, with what it waits for', async () => {
      const run = newRun()
      await runs.add(source.manager, [run])
      const trail = (['branch-taken', 'waiting'] as const).map((did) => ({
        step: did,
        did,
        detail: { used: { a: 1 } },
      }))
      await runs.move(source.manager, [{ id: run.id, state: WAITING, trail }], [], NOW)
      expect(await new RunReads(source).get(run.id)).toMatchObject({
        state: 'running',
        waiting: { step: 'recovery', for: 'condition', until: '2026-04-03T09:00:00.000Z', held: false },
        steps: [
          { did: 'branch-taken', at: NOW },
          { did: 'waiting', detail: { used: { a: 1 } } },
        ],
      })
    })

    it('finds those that look at their account, and those that a pause holds', async () => {
      const { waiting } = { waiting: { for: 'time', until: '2026-04-03T09:00:00.000Z' } } as const
      const [condition, goal, blind, held] = [newRun(), newRun(), newRun(), newRun({ playbook: 'other' })]
      await add(WAITING, condition)
      await add({ ...WAITING, waiting, goals: ['recovered'] }, goal)
      await add({ ...WAITING, waiting }, blind)
      await add({ ...WAITING, waiting, held: [{ kind: 'due', step: 'recovery' }] }, held)
      const accounts = [condition, goal, blind, held].map(({ accountId }) => accountId)
      const watching = await runs.watching(source.manager, accounts)
      expect(watching.map(({ id }) => id).toSorted()).toEqual([condition.id, goal.id].toSorted())
      const heldIn = async (playbook: string | null, after: string) =>
        (await runs.held(source.manager, playbook, after, 10)).map(({ id }) => id)
      expect(await heldIn(null, '')).toEqual([held.id])
      expect(await heldIn('other', '')).toEqual([held.id])
      expect(await heldIn('waits', '')).toEqual([])
      expect(await heldIn(null, held.id)).toEqual([])
    })

    it('counts what was only observed for those who observe', async () => {
      const observed = newRun({ heldBack: 'observe' })
      await runs.add(source.manager, [observed])
      const [after, before] = [new Date(NOW.getTime() - 1), new Date(NOW.getTime() + 1)]
      const window = { key: 'k', playbook: 'waits', dedupeKey: 'key', after, before }
      const startsFor = async (...observing: string[]) =>
        (await runs.keyStates(source.manager, [window], observing)).get('k')?.starts
      expect(await startsFor()).toEqual([])
      expect(await startsFor('waits')).toEqual([{ runId: observed.id, occurredAt: NOW }])
    })

    it('10,000 that wait cost nothing when the facts of another account change', async () => {
      const mine = newRun()
      for (let page = 0; page < 10; page += 1) await add(WAITING, ...Array.from({ length: 1_000 }, () => newRun()))
      await add(WAITING, mine)
      await source.query('VACUUM ANALYZE run')
      const blocksRead = async (): Promise<number> => {
        await source.query('SELECT pg_stat_force_next_flush()')
        const [row] = await source.query<{ blocks: number }[]>(
          `SELECT (heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)::int AS blocks
         FROM pg_statio_user_tables WHERE relname = 'run'`,
        )
        return row?.blocks ?? 0
      }
      const other = await new DataSource(dataSourceOptions(database.url)).initialize()
      const before = await eventually(blocksRead)
      for (let round = 0; round < 10; round += 1)
        expect(await runs.watching(other.manager, [randomUUID(), mine.accountId])).toHaveLength(1)
      await other.query('SELECT pg_stat_force_next_flush()')
      await other.destroy()
      await eventually(async () => expect(await blocksRead()).toBeGreaterThan(before))
      expect((await blocksRead()) - before).toBeLessThan(10 * 20)
    }, 60_000)
  })

  describe('a database of before there were steps', () => {
    let database: TestDatabase
    let source: DataSource | undefined

    beforeEach(async () => {
      database = await createDatabase()
    })
    afterEach(async () => {
      await source?.destroy()
      await database?.drop()
    })

    it('keeps its playbooks with their versions, and its runs', async () => {
      const options = dataSourceOptions(database.url)
      await migrate({ ...options, migrations: [CreatePlaybooks1795356000200] })
      source = await new DataSource(options).initialize()
      const [run, action] = [randomUUID(), { kind: 'webhook', url: 'https://hooks.example.com/' }]
      const document = JSON.stringify({ enabled: true, trigger: { on: 'band-changed' }, action, dedupe: 'account' })
      await source.query(`INSERT INTO playbook (name, latest_version, secret) VALUES ('old', 2, 'x')`)
      await source.query(
        `INSERT INTO playbook_version (name, version, document, stored_at)
       VALUES ('old', 1, $1, $2), ('old', 2, $1, $2)`,
        [document, NOW],
      )
      await source.query(
        `INSERT INTO run (id, playbook, version, account_id, dedupe_key, state, occurred_at, decided_at, why)
       VALUES ($1, 'old', 1, $1, 'k', 'running', $2, $2, '{}')`,
        [run, NOW],
      )
      await source.query(
        `INSERT INTO action (run_id, step, kind, webhook_id, state) VALUES ($1, 'action', 'webhook', $2, 'requested')`,
        [run, `${run}-action`],
      )
      await migrate(options)
      const playbooks = new Playbooks(source, new Blueprints(), new SecretBox(randomBytes(32).toString('base64')))
      expect(await playbooks.get('old', 1)).toMatchObject({
        version: 1,
        latestVersion: 2,
        document: { mode: 'active', steps: [{ id: 'action', action }] },
      })
      expect(await new Runs().underWay(source.manager, [run])).toMatchObject([
        { state: { status: 'running', step: 'action', waiting: { for: 'action' } } },
      ])
      expect(await new RunReads(source).get(run)).toMatchObject({ actions: [{ actionId: `${run}-action` }] })
    })
  })
}
