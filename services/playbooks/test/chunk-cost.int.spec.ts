// What it costs to decide and move many runs at once, and in which order they lock what they share.
import { Transactions } from '@banso/messaging'
import { eventually, ManualClock, ticketOpened } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { Controls, Occasions, WaitingRuns } from '../src/domain/ports.ts'
import { occasion } from './occasions.ts'
import { createDatabases, type Databases, Service } from './service.ts'

const clock = new ManualClock(new Date('2026-03-20T12:00:00.000Z'))
const ALARM = { on: 'alarm-raised' } as const
const TASK = { kind: 'task', title: 'Call them', owner: 'owner', dueIn: 'P1D' }
let databases: Databases
let service: Service

beforeAll(async () => {
  databases = await createDatabases()
  service = await Service.start(databases, {}, clock)
})
afterAll(async () => {
  await service?.close()
  await databases?.drop()
})

const put = async (name: string, steps: object[], trigger: object = ALARM): Promise<void> => {
  const body = { mode: 'active', trigger, steps }
  expect((await service.call('PUT', `/v1/playbooks/${name}`, body)).status).toBe(201)
}
const accountsOf = (count: number) => Array.from({ length: count }, () => randomUUID())
/** Starts a run of every playbook for these accounts, and looks at it again; statements that it took. */
const costOf = (accounts: readonly string[]): Promise<number> =>
  service.app.get(Transactions).run(accounts, async (work) => {
    const statements = jest.spyOn(work.tx, 'query')
    const alarm = { ...ALARM, at: clock.now().toISOString() }
    await service.app.get(Occasions).offer(
      work,
      accounts.map((accountId) => occasion({ ...alarm, accountId })),
    )
    await service.app.get(WaitingRuns).factsChanged(work, accounts)
    return statements.mock.calls.length
  })
const rows = (sql: string, ...values: unknown[]): Promise<object[]> =>
  service.app.get(DataSource).query<object[]>(sql, values)

describe('runs of many accounts at once', () => {
  it('take as many statements as one to decide, to start and to move', async () => {
    await put('asks', [{ id: 'ask', action: TASK, dailyCap: 1_000 }])
    await put('watches', [
      { id: 'recovered', goal: 'health.band == "green"' },
      { id: 'red', wait: { condition: 'health.band == "red"', limit: 'P1D' } },
    ])
    await costOf(accountsOf(1)) // reads the versions
    expect(await costOf(accountsOf(60))).toBe(await costOf(accountsOf(1)))
  })

  it('go on by themselves, each once, when they all come due at once', async () => {
    await put('sleeps', [{ id: 'sleep', wait: { for: 'PT1H' } }])
    await costOf(accountsOf(40))
    clock.advance(3_600_000)
    const finished = `SELECT FROM run WHERE playbook = 'sleeps' AND state = 'done'`
    await eventually(async () => expect(await rows(finished)).toHaveLength(40), { timeoutMs: 20_000 })
    expect(await rows(`SELECT FROM timer WHERE id LIKE 'wait/%' AND due_at <= $1`, clock.now())).toEqual([])
    expect(await rows(`SELECT FROM run_step s JOIN run ON run.id = run_id WHERE playbook = 'sleeps'`)).toHaveLength(40)
  })

  it('lock the counters of daily caps in one order, those of waiting runs with those of new ones', async () => {
    const [account = ''] = accountsOf(1)
    const ask = { id: 'ask', action: TASK, dailyCap: 9 }
    await put('b-waits', [{ id: 'pause', wait: { condition: 'tickets.open > 0', limit: 'P9D' } }, ask])
    await costOf([account])
    await put('a-starts', [ask], { on: 'ticket-opened' })
    const [first, second] = ['a-starts', 'b-waits'].map((playbook) => ({ playbook, step: 'ask', day: '2026-03-20' }))
    if (!first || !second) throw new Error('two were made')
    const [source, controls] = [service.app.get(DataSource), service.app.get(Controls)]
    await source.transaction((tx) => controls.used(tx, [first, second])) // from here on their rows are there
    await source.transaction(async (tx) => {
      await controls.used(tx, [first])
      const openedAt = clock.now().toISOString()
      const ticket = { accountId: account, ticketId: 't', status: 'open' as const, openedAt }
      await service.publish(ticketOpened(ticket, { time: clock.now() }))
      await somebodyWaits()
      // A transaction that had locked the second and waits for the first would be in a deadlock with this one.
      const free = `SELECT FROM action_cap WHERE playbook = 'b-waits' FOR UPDATE SKIP LOCKED`
      expect(await tx.query<object[]>(free)).toHaveLength(1)
    })
    const used = `SELECT used FROM action_cap WHERE playbook IN ('a-starts', 'b-waits')`
    await eventually(async () => expect(await rows(used)).toEqual([{ used: 1 }, { used: 1 }]))
  })
})

/** Until a transaction waits for a counter that another has locked. */
const somebodyWaits = (): Promise<void> =>
  eventually(async () => {
    const waiting = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM action_cap%'`
    expect(await rows(waiting)).toHaveLength(1)
  })
