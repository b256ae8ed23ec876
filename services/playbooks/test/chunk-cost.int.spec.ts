// What it costs to decide and move many runs at once.
import { Transactions } from '@banso/messaging'
import { eventually, ManualClock } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { Occasions, WaitingRuns } from '../src/domain/ports.ts'
import { occasion } from './occasions.ts'
import { createDatabases, type Databases, Service } from './service.ts'

const clock = new ManualClock(new Date('2026-03-20T12:00:00.000Z'))
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

const put = async (name: string, steps: object[]): Promise<void> => {
  const body = { mode: 'active', trigger: { on: 'alarm-raised' }, steps }
  expect((await service.call('PUT', `/v1/playbooks/${name}`, body)).status).toBe(201)
}
const accountsOf = (count: number) => Array.from({ length: count }, () => randomUUID())
/** Starts a run of every playbook for these accounts, and looks at it again; statements that it took. */
const costOf = (accounts: readonly string[]): Promise<number> =>
  service.app.get(Transactions).run(accounts, async (work) => {
    const statements = jest.spyOn(work.tx, 'query')
    const alarm = { on: 'alarm-raised', at: clock.now().toISOString() } as const
    await service.app.get(Occasions).offer(
      work,
      accounts.map((accountId) => occasion({ ...alarm, accountId })),
    )
    await service.app.get(WaitingRuns).factsChanged(work, accounts)
    return statements.mock.calls.length
  })

describe('runs of many accounts at once', () => {
  it('take as many statements as one to decide, to start and to move', async () => {
    const task = { kind: 'task', title: 'Call them', owner: 'owner', dueIn: 'P1D' }
    await put('asks', [{ id: 'ask', action: task, dailyCap: 1_000 }])
    await put('watches', [
      { id: 'recovered', goal: 'health.band == "green"' },
      { id: 'red', wait: { condition: 'health.band == "red"', limit: 'P1D' } },
    ])
    await costOf(accountsOf(1)) // reads the versions
    expect(await costOf(accountsOf(60))).toBe(await costOf(accountsOf(1)))
  })

  it('go on by themselves when they all come due at once', async () => {
    await put('sleeps', [{ id: 'sleep', wait: { for: 'PT1H' } }])
    await costOf(accountsOf(1_000))
    clock.advance(3_600_000)
    const awake = () =>
      service.app.get(DataSource).query<unknown[]>(`SELECT FROM run WHERE playbook = 'sleeps' AND state = 'done'`)
    await eventually(async () => expect(await awake()).toHaveLength(1_000), { timeoutMs: 60_000 })
    expect(
      await service.app
        .get(DataSource)
        .query(`SELECT FROM timer WHERE id LIKE 'wait/%' AND due_at <= $1`, [clock.now()]),
    ).toEqual([])
  })
})
