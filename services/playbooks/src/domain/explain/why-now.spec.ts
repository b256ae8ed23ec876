import { describe, expect, it } from '@jest/globals'
import type { AccountFacts } from '@banso/conditions'
import type { PlaybookDocument } from '../document.ts'
import { type AccountKnown } from '../facts/account-known.ts'
import { factsOf } from '../facts/facts-of.ts'
import { LocalTime } from '../local-time.ts'
import { playbookOf } from '../playbook.ts'
import { clockOf, tellNow, tellRun } from './tell.ts'
import { type Present, whyNow } from './why-now.ts'
import { LANGUAGES, wordsIn } from './words.ts'

const NOW = new Date('2026-03-20T03:00:00.000Z')
const local = new LocalTime('Asia/Tokyo')
const clock = clockOf('Asia/Tokyo')
const ACCOUNT = '6f2f4c1e-3f0e-5d0f-9c5b-0d9f6c2a7b11'

const known: AccountKnown = {
  accountId: ACCOUNT,
  profile: { externalId: 'minato', name: 'Minato', segment: 'all', traits: { plan: 'pro' } },
  score: { score: 38, band: 'red', coverage: 1, partial: false, outcome: 30, experience: 46, measures: {} },
  change: null,
  journeys: new Map(),
  tickets: { open: 0, serious: 0, oldestSeriousAt: null },
}

const factsWith = (more: Partial<AccountKnown> = {}): AccountFacts => factsOf({ ...known, ...more }, NOW, local)

const present = (document: Partial<PlaybookDocument> = {}, more: Partial<Present> = {}): Present => ({
  playbook: playbookOf('call-when-red', 3, {
    enabled: true,
    mode: 'active',
    trigger: { on: 'band-changed', to: ['red'] },
    dedupe: 'account',
    selling: false,
    steps: [
      {
        id: 'call',
        action: { kind: 'task', title: 'Call', owner: 'owner', dueIn: 'P1D' },
        dailyCap: 5,
        onFailure: 'fail',
      },
    ],
    ...document,
  }),
  facts: factsWith(),
  now: NOW,
  local,
  pausedBy: 'none',
  mode: 'active',
  state: { underWay: null, starts: [] },
  used: new Map(),
  ...more,
})

const reasons = (one: Present) => whyNow(one).held.map(({ reason }) => reason)

describe('why a playbook would run now, or not', () => {
  it('finds nothing in the way, and that the account is there already', () => {
    expect(whyNow(present())).toMatchObject({ outcome: 'would-run', alreadyThere: true, held: [] })
    expect(whyNow(present({ trigger: { on: 'band-changed', to: ['green'] } })).alreadyThere).toBe(false)
  })

  it('names every control that would hold it back', () => {
    const serious = factsWith({ tickets: { open: 2, serious: 1, oldestSeriousAt: NOW } })
    const all = present(
      { selling: true },
      {
        facts: serious,
        pausedBy: 'all',
        mode: 'observe',
        state: { underWay: 'run-1', starts: [] },
        used: new Map([['call', 5]]),
      },
    )
    expect(reasons(all)).toEqual(['duplicate', 'serious-ticket', 'daily-cap', 'observe', 'paused'])
    expect(whyNow(all).outcome).toBe('held-back')
    expect(reasons(present({}, { facts: serious }))).toEqual([])
    expect(reasons(present({}, { used: new Map([['call', 4]]) }))).toEqual([])
  })

  it('says until when it cools down', () => {
    const state = {
      underWay: null,
      starts: [
        { runId: 'run-1', occurredAt: new Date('2026-03-15T03:00:00.000Z') },
        { runId: 'run-2', occurredAt: new Date('2026-03-16T03:00:00.000Z') },
      ],
    }
    const { held } = whyNow(present({ coolDown: 'P7D' }, { state }))
    expect(held).toEqual([{ reason: 'cool-down', by: 'run-2', until: '2026-03-23T03:00:00.000Z' }])
    expect(whyNow(present({ coolDown: 'P3D' }, { state })).held).toEqual([])
  })

  it('holds back what would be the first score, unless that counts', () => {
    const facts = factsWith({ score: null })
    expect(reasons(present({}, { facts }))).toEqual(['first-score'])
    expect(reasons(present({ trigger: { on: 'band-changed', firstScore: true } }, { facts }))).toEqual([])
  })

  it('tells the audience by the values that it read', () => {
    const met = whyNow(present({ audience: 'health.score < 40.0 && account.segment == "all"' }))
    expect(met.audience).toMatchObject({ verdict: 'met', used: { 'health.score': 38, 'account.segment': 'all' } })
    const not = whyNow(present({ audience: 'health.score > 90.0' }))
    expect(not).toMatchObject({ outcome: 'not-concerned', audience: { verdict: 'not-met' } })
    const undecided = whyNow(present({ audience: 'health.score < 40.0' }, { facts: factsWith({ score: null }) }))
    expect(undecided).toMatchObject({ outcome: 'not-concerned', audience: { verdict: 'undecided' } })
  })

  it('leaves to the occasion what only it can say', () => {
    const condition = 'trigger.movedBy < -15.0'
    const moved = whyNow(present({ trigger: { on: 'score-moved', by: 10 }, condition }))
    expect(moved).toMatchObject({ outcome: 'would-run', condition: { verdict: 'occasion-tells' } })
    const there = whyNow(present({ condition: 'trigger.to == "green"' }))
    expect(there).toMatchObject({ outcome: 'not-concerned', condition: { verdict: 'not-met' } })
  })

  it('says when a schedule comes next, and that one switched off does not', () => {
    const schedule = { on: 'schedule', every: 'day', at: '09:00' } as const
    expect(whyNow(present({ trigger: schedule })).nextDueAt).toBe('2026-03-21T00:00:00.000Z')
    expect(whyNow(present({ trigger: schedule, enabled: false })).outcome).toBe('disabled')
  })
})

const told = (language: 'en' | 'ja', one: Present) =>
  tellNow(whyNow(one), one.playbook.document.trigger, language, clock)

describe('what it tells people', () => {
  it('answers first, in both languages', () => {
    const paused = present({ audience: 'health.score < 40.0' }, { pausedBy: 'itself', mode: 'observe' })
    expect(told('en', paused)).toEqual([
      'It would be held back now: the playbook only observes; the playbook is paused.',
      'It starts when the health band changes (to: red).',
      'The account is already so; it starts when the account comes to be so again.',
      'The audience is met (health.score = 38).',
    ])
    expect(told('ja', paused)).toEqual([
      '今は保留されます: プレイブックが観察のみのため、プレイブックが一時停止中のため。',
      'ヘルスのバンドが変わったとき(to: red)に始まります。',
      'この顧客はすでにその状態です。もう一度その状態になったときに始まります。',
      '対象を満たしています(health.score = 38)。',
    ])
  })

  it('tells what became of a run, at the time of the installation', () => {
    const run = { reason: null, step: null, decidedAt: NOW }
    expect(tellRun({ ...run, state: 'done' }, 'en', clock)).toBe('2026-03-20 12:00: ran to its end.')
    expect(tellRun({ ...run, state: 'running', step: 'call' }, 'en', clock)).toBe(
      '2026-03-20 12:00: under way, at step call.',
    )
    expect(tellRun({ ...run, state: 'held-back', reason: 'cool-down' }, 'ja', clock)).toBe(
      '2026-03-20 12:00: 一致しましたが保留しました: クールダウンの期間内に実行があったため。',
    )
    expect(tellRun({ ...run, state: 'failed', reason: 'endpoint-disabled' }, 'en', clock)).toContain(
      'endpoint-disabled',
    )
  })

  it('has words of its own for each trigger, reason and outcome', () => {
    for (const language of LANGUAGES) {
      const { trigger, reason, outcome } = wordsIn[language]
      const texts = [trigger, reason, outcome].flatMap((words) => Object.values<string>(words))
      expect(new Set(texts).size).toBe(13 + 9 + 4)
    }
  })
})
