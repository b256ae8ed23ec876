import { type EventOn } from '@banso/messaging'
import { migrate } from '@banso/platform'
import {
  accountProfiled,
  accountScored,
  bandChanged,
  createMigratedDatabase,
  flagRaised,
  golden,
  incomingOf,
  milestoneReached,
  paceChanged,
  stageEntered,
  type TestDatabase,
  type TestEvent,
  ticketOpened,
  ticketStatusChanged,
} from '@banso/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { AbstractLogger, DataSource } from 'typeorm'
import { LocalTime } from '../domain/local-time.ts'
import { foldChanges, foldJourneys, foldProfiles, foldScores, foldTickets } from '../fold-facts/fold.ts'
import { AccountFactsOf } from './account-facts-of.ts'
import { dataSourceOptions } from './data-source.ts'
import { lockAccounts } from './lock-accounts.ts'

class Statements extends AbstractLogger {
  count = 0
  override logQuery(): void {
    this.count += 1
  }
  protected override writeLog(): void {}
}

const NOW = new Date('2026-03-20T15:30:00.000Z')
const WRITER = 'outbox/health/1'
const account: string = randomUUID()
const at = (day: string) => `2026-03-${day}T09:00:00.000Z`

const scored = (score: number, sequence: number, writer = WRITER) =>
  incomingOf(accountScored({ accountId: account, score, band: score < 40 ? 'red' : 'amber' }), { sequence, writer })
const changed = (score: number, sequence: number) =>
  incomingOf(bandChanged({ accountId: account, to: { score, band: 'red' } }), { sequence, writer: WRITER })
const profiled = (name: string, sequence: number, traits: Record<string, unknown> = {}) =>
  incomingOf(accountProfiled({ accountId: account, name, traits }), { sequence, writer: 'outbox/accounts/1' })
const ticket = (ticketId: string, day: string, data: object) =>
  incomingOf(
    ticketStatusChanged(
      { accountId: account, ticketId, openedAt: at('01'), priority: 'urgent', ...data },
      { time: at(day) },
    ),
  )

const adopted = (): EventOn<'journeys.progress.v1'>[] => {
  const of = { accountId: account, stage: 'onboarding' }
  const told = [
    stageEntered({ ...of, from: null, direction: 'first', at: at('01') }),
    paceChanged({ ...of, milestone: null, from: 'on-track', to: 'behind' }),
    paceChanged({ ...of, milestone: 'invited', from: 'on-track', to: 'stuck' }),
    flagRaised({ ...of, flag: 'stalled' }),
    milestoneReached({ ...of, milestone: 'activated' }),
    stageEntered({ ...of, stage: 'adoption', direction: 'forward', at: at('18') }),
    milestoneReached({ ...of, stage: 'adoption', milestone: 'invited' }),
  ]
  return told.map((event: TestEvent, index) =>
    incomingOf(event, { writer: 'outbox/journeys/1', sequence: index + 1 }),
  ) as EventOn<'journeys.progress.v1'>[]
}

export const describeAccountFacts = (): void => {
  describe('the copy of what conditions see', () => {
    const statements = new Statements()
    const facts = new AccountFactsOf(new LocalTime('Asia/Tokyo'))
    let database: TestDatabase
    let source: DataSource

    beforeAll(async () => {
      database = await createMigratedDatabase('playbooks', (url) => migrate(dataSourceOptions(url)))
      source = await new DataSource({
        ...dataSourceOptions(database.url),
        logger: statements,
        logging: true,
      }).initialize()
    })
    afterAll(async () => {
      await source?.destroy()
      await database?.drop()
    })
    beforeEach(async () => {
      await source.query('TRUNCATE account, account_facts, account_journey, account_ticket')
    })

    const factsNow = async (accountId = account) => {
      const read = await facts.read(source.manager, [accountId], NOW)
      return read.get(accountId)
    }

    const costOf = async (accounts: number): Promise<number> => {
      const ids = Array.from({ length: accounts }, () => randomUUID())
      const before = statements.count
      const all = <E>(eventOf: (accountId: string) => E): E[] => ids.map(eventOf)
      await foldScores(
        source.manager,
        all((accountId) => incomingOf(accountScored({ accountId }))),
      )
      await foldTickets(
        source.manager,
        all((accountId) => incomingOf(ticketOpened({ accountId }))),
      )
      await foldJourneys(
        source.manager,
        all((accountId) => incomingOf(stageEntered({ accountId }))),
      )
      await facts.read(source.manager, ids, NOW)
      return statements.count - before
    }

    it('says of an account that it knows nothing', async () => {
      expect(await factsNow()).toEqual({
        account: { id: account, externalId: null, name: null, segment: 'all', traits: {} },
        health: {
          score: null,
          band: null,
          outcome: null,
          experience: null,
          coverage: 0,
          partial: false,
          measures: {},
        },
        journey: {
          name: null,
          stage: null,
          daysInStage: null,
          pace: null,
          stalled: false,
          dormant: false,
          atRisk: false,
          milestones: [],
        },
        tickets: { open: 0, serious: 0, oldestSeriousDays: null },
        now: NOW.toISOString(),
        today: '2026-03-21',
      })
    })

    it('takes the golden events of its neighbours', async () => {
      const profile = golden('accounts.account-profiled.v1').data
      const score = golden('health.account-scored.v1').data
      await foldProfiles(source.manager, [incomingOf(accountProfiled())])
      await foldScores(source.manager, [incomingOf(accountScored())])
      const known = await factsNow(profile.accountId)
      expect(known?.account).toMatchObject({
        name: profile.name,
        externalId: profile.externalId,
        traits: profile.traits,
      })
      expect(known?.health).toMatchObject({ score: score.score, band: score.band, outcome: score.outcome.score })
      expect(Object.keys(known?.health.measures ?? {})).toEqual(score.measures.map(({ measure }) => measure))
    })

    it('keeps the newest version of a profile and of a score, whatever comes after it, and says what it took', async () => {
      expect(await foldScores(source.manager, [scored(30, 5), scored(60, 4)])).toEqual([account])
      expect(await foldScores(source.manager, [scored(60, 4), scored(30, 5)])).toEqual([])
      expect((await factsNow())?.health.score).toBe(30)
      expect(await foldScores(source.manager, [scored(50, 1, 'outbox/health/2')])).toEqual([account])
      expect((await factsNow())?.health.score).toBe(50)
      await foldProfiles(source.manager, [profiled('New', 9, { note: 'a NUL \0 in it' })])
      await foldProfiles(source.manager, [profiled('Old', 8)])
      expect((await factsNow())?.account).toMatchObject({ name: 'New', traits: { note: 'a NUL \0 in it' } })
    })

    it('believes a change of health while it is newer than the score', async () => {
      await foldScores(source.manager, [scored(60, 4)])
      await foldChanges(source.manager, [changed(31, 6)])
      expect((await factsNow())?.health).toMatchObject({ score: 31, band: 'red' })
      await foldScores(source.manager, [scored(45, 7)])
      expect((await factsNow())?.health).toMatchObject({ score: 45, band: 'amber' })
      await foldChanges(source.manager, [changed(31, 5)])
      expect((await factsNow())?.health).toMatchObject({ score: 45, band: 'amber' })
    })

    it('counts tickets by the latest of their events, and days by the calendar of the installation', async () => {
      const opened = incomingOf(
        ticketOpened({ accountId: account, ticketId: 'a', openedAt: at('17') }, { time: at('17') }),
      )
      await foldTickets(source.manager, [
        ticket('b', '05', { status: 'solved' }),
        ticket('b', '03', { status: 'open' }),
      ])
      await foldTickets(source.manager, [opened, ticket('a', '18', { status: 'open', openedAt: at('17') })])
      expect((await factsNow())?.tickets).toEqual({ open: 1, serious: 1, oldestSeriousDays: 4 })
      expect(await foldTickets(source.manager, [ticket('b', '04', { status: 'open' })])).toEqual([])
      expect(await foldTickets(source.manager, [ticket('b', '19', { status: 'open' })])).toEqual([account])
      expect((await factsNow())?.tickets).toEqual({ open: 2, serious: 2, oldestSeriousDays: 20 })
      await foldTickets(source.manager, [ticket('b', '20', { status: 'open', priority: 'normal' })])
      expect((await factsNow())?.tickets).toEqual({ open: 2, serious: 1, oldestSeriousDays: 4 })
    })

    it('keeps the same whatever the order, the repeats and the chunks of what journeys tell', async () => {
      const told = adopted()
      const orders = fc.tuple(
        fc.shuffledSubarray(told, { minLength: told.length }),
        fc.subarray(told),
        fc.nat(told.length),
      )
      await fc.assert(
        fc.asyncProperty(orders, async ([shuffled, repeated, cut]) => {
          await source.query('TRUNCATE account_journey')
          await foldJourneys(source.manager, shuffled.slice(0, cut))
          await foldJourneys(source.manager, [...shuffled.slice(cut), ...repeated])
          expect(await foldJourneys(source.manager, repeated)).toEqual([])
          expect((await factsNow())?.journey).toMatchObject({
            stage: 'adoption',
            daysInStage: 3,
            pace: 'on-track',
            stalled: true,
            milestones: ['activated', 'invited'],
          })
        }),
        { numRuns: 25 },
      )
    })

    it('costs as many statements for a hundred accounts as for one', async () => {
      expect(await costOf(100)).toBe(await costOf(1))
    })

    it('pages through the accounts that it knows, in order', async () => {
      const ids = Array.from({ length: 5 }, () => randomUUID()).toSorted()
      await source.transaction((tx) => lockAccounts(tx, ids))
      const first = await facts.accounts(source.manager, '', 3)
      expect([...first, ...(await facts.accounts(source.manager, first.at(-1) ?? '', 3))]).toEqual(ids)
    })
  })
}
