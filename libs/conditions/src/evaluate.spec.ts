import { describe, expect, it } from '@jest/globals'
import { acme } from '../test/facts.ts'
import { condition, outcome, verdict } from '../test/verdicts.ts'

describe('a condition on known facts', () => {
  it.each([
    ['health.score < 40', true],
    ['health.score == 38.5', true],
    ['health.score + 1 > 40', false],
    ['health.score * 2 == 77', true],
    ['77 / health.score == 2', true],
    ['tickets.open == 3 && tickets.serious == 0', true],
    ['tickets.open % 2 == 1', true],
    ['tickets.open < health.score', true],
    ['-tickets.open == -3', true],
    ['health.partial && !journey.stalled', true],
    ['health.band == "red" || journey.dormant', true],
    ["health.band in ['red', 'amber']", true],
    ['journey.pace != "on-track"', true],
    ['health.coverage >= 0.5 ? journey.atRisk : false', true],
    ["'activated' in journey.milestones", true],
    ["journey.milestones[0] == 'first-login'", true],
    ["journey.milestones == ['first-login', 'activated']", true],
    ['journey.milestones.size() == 2 && size(account.name) == 7', true],
    ['trigger.type == "band-changed" && trigger.to == "red" && trigger.from != "green"', true],
    ['trigger.toScore - trigger.fromScore < -5', true],
    ['health.measures.frequency.value < 5', true],
    ['health.measures["frequency"].peerRank < 25', true],
  ])('%s is %s', (source, expected) => expect(outcome(source)).toBe(expected))
})

describe('a condition on traits', () => {
  it.each([
    ['account.traits.plan == "pro"', true],
    ['"pro" == account.traits.plan', true],
    ['account.traits["plan name"] == "Pro"', true],
    ["account.traits.plan in ['pro', 'enterprise']", true],
    ['account.traits.seats >= 20', true],
    ['account.traits.seats == 20', true],
    ['account.traits.seats + 5 == 25', true],
    ["'jp' in account.traits.tags", true],
    ["account.traits.tags == ['beta', 'jp']", true],
    ['account.traits.plan == 5', false],
    ['account.traits.plan.startsWith("p") && account.traits.plan.contains("r")', true],
    ['account.traits.plan.upperAscii() == "PRO"', true],
    ['"plan" in account.traits', true],
    ['double(account.traits.seats) / 2 == 10', true],
    ['account . traits\n  .plan == "pro"', true],
  ])('%s is %s', (source, expected) => expect(outcome(source)).toBe(expected))

  it.each([
    [{ vip: true }, true],
    [{ vip: false }, false],
    [{ vip: 'yes' }, 'the result is not true or false'],
    [{}, 'account.traits.vip is not known'],
  ])('a trait alone, %j, is its value: %s', (traits, expected) =>
    expect(outcome('account.traits.vip', acme(traits))).toBe(expected),
  )

  it.each([
    [{ deep: { a: { b: 1 } } }, true],
    [{ deep: { a: [1] } }, 'account.traits.deep.a.b is not known'],
    [{ deep: 'text' }, 'account.traits.deep.a.b is not known'],
  ])('a part of a trait, %j: %s', (traits, expected) =>
    expect(outcome('account.traits.deep.a.b == 1', acme(traits))).toBe(expected),
  )

  it('of another type than the condition needs leaves it undecided, and says where', () => {
    expect(outcome('journey.atRisk && account.traits.plan < 5')).toBe(
      '< does not take string and int in account.traits.plan < 5',
    )
    expect(outcome('account.traits.seats.startsWith("2")')).toMatch(/^there is no double\.startsWith\(string\) in /)
  })
})

describe('elements', () => {
  it.each([
    ['account.traits.tags.exists(t, t == "jp")', true],
    ['account.traits.tags.all(t, t.size() < 5)', true],
    ['account.traits.tags.exists_one(t, t.startsWith("b"))', true],
    ['account.traits.tags.filter(t, t != "jp").size() == 1', true],
    ['account.traits.tags.filter(t, t != "jp").exists(t, t == "jp")', false],
    ['journey.milestones.exists(m, re(m, "^act"))', true],
    ['health.measures.exists(m, health.measures[m].score < 30)', true],
    ['health.measures.exists(m, health.measures[m].peerRank == null)', true],
    ['health.measures.exists(m, health.measures[m].peerRank > 90)', '> does not take null and int'],
  ])('%s: %s', (source, expected) => {
    const result = outcome(source)
    expect(typeof result === 'string' ? result.split(' in ')[0] : result).toBe(expected)
  })
})

describe('a fact that is not known', () => {
  it.each([
    'health.outcome < 40',
    'health.outcome == 40',
    'health.outcome != 40',
    'health.outcome in [40.0]',
    '!(health.outcome < 40)',
    'health.outcome == health.outcome',
    'journey.atRisk && health.outcome < 40',
    'journey.stalled || health.outcome < 40',
    'has(health.outcome) ? false : health.outcome < 1',
  ])('leaves %s undecided', (source) => {
    expect(verdict(source)).toMatchObject({ kind: 'undecided', reason: 'health.outcome is not known' })
  })

  it.each([
    ['has(health.outcome)', false],
    ['has(health.score)', true],
    ['has(account.traits["plan name"])', true],
    ['health.outcome == null', true],
    ['null != health.outcome', false],
    ['(health.outcome) == (null)', true],
    ['health.score != null && health.score < 40', true],
    ['has(health.outcome) && health.outcome < 40', false],
    ['health.outcome == null || health.outcome < 40', true],
    ['has(account.traits.nothing)', false],
    ['now == null', false],
  ])('can be asked for: %s is %s', (source, expected) => expect(outcome(source)).toBe(expected))

  it.each([
    ['journey.stalled && health.outcome < 40', false],
    ['health.outcome < 40 && journey.stalled', false],
    ['journey.atRisk || health.outcome < 40', true],
    ['health.outcome < 40 || journey.atRisk', true],
  ])('does not matter where the rest decides: %s is %s', (source, expected) => expect(outcome(source)).toBe(expected))
})

describe('dates and instants', () => {
  it.each([
    ['daysBetween(today, account.traits.renewal) == 29', true],
    ['daysBetween(account.traits.renewal, today) == -29', true],
    ['daysBetween("2026-01-31T23:59:00+09:00", "2026-02-01T00:00:00Z") == 1', true],
    ['daysBetween("2024-02-28", "2024-03-01") == 2', true],
    ['hoursBetween(trigger.at, now) == 10.5', true],
    ['hoursBetween(trigger.at, now) < 11', true],
  ])('%s is %s', (source, expected) => expect(outcome(source)).toBe(expected))

  it.each([
    ['daysBetween(today, account.traits.plan) < 1', '"pro" is not a date (2026-01-31)'],
    ['daysBetween(today, "2026-02-30") < 1', '"2026-02-30" is not a date (2026-01-31)'],
    ['hoursBetween(now, today) < 1', '"2026-01-31" is not an instant with a zone (2026-01-31T09:30:00Z)'],
    ['hoursBetween(now, "2026-01-31T09:30:00") < 1', 'not an instant with a zone'],
    ['daysBetween(today, account.traits.seats) < 1', 'there is no daysBetween(string, double)'],
  ])('%s is undecided: %s', (source, expected) => expect(outcome(source)).toContain(expected))
})

describe('patterns', () => {
  it.each([
    ["re(account.name, '^Acme')", true],
    ["re(account.name, '^acme')", false],
    ["re(account.name, '(?i)^acme')", true],
    ["re(account.name, 'K+$')", true],
    [String.raw`re(account.traits.renewal, r'^\d{4}-\d\d')`, true],
    ["re(account.name, '^[ァ-ヶ]')", false],
  ])('%s is %s', (source, expected) => expect(outcome(source)).toBe(expected))
})

describe('what a condition used', () => {
  it('is each fact that it read, with its value, the unknown ones as well', () => {
    const source = 'health.outcome < 40 || (health.band == "red" && account.traits["plan name"] == "Pro")'
    expect(verdict(source).used).toEqual({
      'health.outcome': null,
      'health.band': 'red',
      'account.traits["plan name"]': 'Pro',
    })
  })

  it('is nothing that it did not come to', () => {
    expect(verdict('health.band == "red" || tickets.open > 1').used).toEqual({ 'health.band': 'red' })
  })

  it('is told when nothing was decided', () => {
    expect(verdict('has(health.outcome) || health.experience > account.traits.plan')).toEqual({
      kind: 'undecided',
      reason: '> does not take double and string in health.experience > account.traits.plan',
      used: { 'health.outcome': null, 'health.experience': 60, 'account.traits.plan': 'pro' },
    })
  })

  it('is told of one evaluation only', () => {
    const compiled = condition('health.score < 50 || tickets.open > 1')
    const other = { ...acme(), health: { ...acme().health, score: 60 } }
    expect(compiled.evaluate(other).used).toEqual({ 'health.score': 60, 'tickets.open': 3 })
    expect(compiled.evaluate(acme()).used).toEqual({ 'health.score': 38.5 })
  })

  it('names are known beforehand', () => {
    expect(condition('has(tickets.open) && health.score < 3 && health.score > 1').paths).toEqual([
      'health.score',
      'tickets.open',
    ])
  })
})
