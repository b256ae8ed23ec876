import { createLogger, noTracing, Readiness, stillStopping } from '@banso/platform'
import { eventually } from '@banso/testing'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { Registry } from 'prom-client'
import { RunnerFixture } from '../test/runner-fixture.suite.ts'
import { MessagingLifetime } from './messaging-lifetime.ts'
import { assembleMessaging, type MessagingParts } from './messaging-parts.ts'

let fixture: RunnerFixture
let parts: MessagingParts
let lifetime: MessagingLifetime
const fired: string[] = []
let mayFire: PromiseWithResolvers<void>

beforeEach(async () => {
  fired.length = 0
  mayFire = Promise.withResolvers()
  fixture = await RunnerFixture.open()
  const { lockKeys } = fixture.context()
  parts = await assembleMessaging(
    {
      service: 'health',
      log: { databaseUrl: fixture.logUrl },
      lockKeys,
      rebuild: { clear: async () => undefined, republish: async () => null },
    },
    {
      dataSource: fixture.dataSource,
      clock: fixture.clock,
      logger: createLogger({ service: 'health', level: 'silent' }),
      registry: new Registry(),
      readiness: new Readiness(),
      tracing: noTracing,
    },
  )
  parts.timers.register({ kind: 'daily', settle: async ({ id }) => (fired.push(id), 'fired') })
  parts.timers.register({ kind: 'slow', perform: () => mayFire.promise, settle: async () => 'fired' })
  lifetime = new MessagingLifetime(parts)
})
afterEach(async () => {
  await lifetime.beforeApplicationShutdown()
  await lifetime.onApplicationShutdown()
  await fixture.close()
})

it('fires no timer after a restart in the middle of a rebuild, until that is done', async () => {
  const { dataSource, clock } = fixture
  await fixture.position()
  await dataSource.query(`UPDATE consumer_group SET state = 'rebuilding'`)
  await dataSource.query('UPDATE consumer_progress SET rebuild_mark = 1')
  await parts.transactions.run([], async (work) =>
    work.schedule({ id: 'due', key: '', kind: 'daily', dueAt: clock.now(), payload: null }),
  )

  const slow = dataSource.createQueryRunner()
  await slow.startTransaction()
  await slow.query('LOCK TABLE consumer_group IN ACCESS EXCLUSIVE MODE') // what is being rebuilt cannot be told yet
  await lifetime.onModuleInit()
  await lifetime.onApplicationBootstrap()
  await parts.timers.stop() // they have looked once
  expect(fired).toEqual([])
  await slow.commitTransaction()
  await slow.release()

  parts.timers.start()
  await dataSource.query('UPDATE consumer_progress SET rebuild_mark = NULL')
  await eventually(() => expect(fired).toEqual(['due']))
})

it('says what has not stopped while it stops', async () => {
  const { clock } = fixture
  await lifetime.onModuleInit()
  await lifetime.onApplicationBootstrap()
  await parts.transactions.run([], async (work) =>
    work.schedule({ id: 'due', key: '', kind: 'slow', dueAt: clock.now(), payload: null }),
  )
  await eventually(async () => {
    const [timer] = await fixture.dataSource.query<{ attempts: number }[]>('SELECT attempts FROM timer')
    expect(timer?.attempts).toBe(1)
  })
  const stopped = lifetime.beforeApplicationShutdown()
  await eventually(() => expect(stillStopping()).toEqual(['the timers']))
  mayFire.resolve()
  await stopped
  expect(stillStopping()).toEqual([])
})
