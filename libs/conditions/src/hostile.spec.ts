import { describe, expect, it } from '@jest/globals'
import { acme } from '../test/facts.ts'
import { faults, outcome } from '../test/verdicts.ts'
import { limits } from './limits.ts'

const messages = (source: string): readonly string[] => faults(source).map(({ message }) => message)

const nested = (levels: number): unknown => (levels === 0 ? 'x' : [nested(levels - 1)])

const elapsedMs = (work: () => void): number => {
  const before = performance.now()
  work()
  return performance.now() - before
}

describe('a text without bounds', () => {
  it.each([
    ['is too long', `health.score < 40 // ${'x'.repeat(limits.source)}`, 'at most 10000 characters'],
    ['is nested in brackets', `${'('.repeat(30)}true${')'.repeat(30)}`, 'nested deeper than 24 brackets'],
    ['is nested without brackets', `${'!'.repeat(9_000)}true`, 'nested too deeply'],
    ['is a chain', `true${' && true'.repeat(251)}`, '251 operations, at most 250'],
    [
      'has more parts than a tree may',
      `[1] == [${'1+1,'.repeat(900)}1] || ${'[1,1,1] == '.repeat(400)}[1]`,
      'more than 3000 parts',
    ],
    ['has a long list', `tickets.open in [${'1, '.repeat(1_000)}1]`, 'a list has at most 1000 elements'],
    ['nests macros', 'journey.milestones.all(a, journey.milestones.all(b, a == b))', 'cannot stand inside'],
  ])('%s: a fault', (_what, source, expected) => {
    expect(messages(source)).toContainEqual(expect.stringContaining(expected))
  })

  it('may use the bounds up', () => {
    expect(outcome(`tickets.open in [${'1, '.repeat(999)}3]`)).toBe(true)
    expect(outcome(`true${' && true'.repeat(250)}`)).toBe(true)
    expect(outcome(`${'('.repeat(20)}true${')'.repeat(20)}`)).toBe(true)
  })
})

describe('a pattern', () => {
  it.each([
    ['a'.repeat(201), 'at most 200 characters'],
    ['(a?){900}a{900}', 'too large'],
    ['((a{10}){10}){10}', 'too large'],
    ['(x{1000}){1000}', 'not a pattern of RE2'],
    [String.raw`(a)\1`, 'not a pattern of RE2'],
  ])('%.30s is a fault', (pattern, expected) => {
    expect(messages(`re(account.name, r'${pattern}')`)).toEqual([expect.stringContaining(expected)])
  })

  it.each(['^(a+)+$', '^(a|aa)*$', '^(a*)*b', '(.*)(.*)(.*)(.*)(.*)!!', '^(a?){60}a{60}$'])(
    'that takes others for ever, %s, takes linear time',
    (pattern) => {
      const facts = acme({ text: `${'a'.repeat(9_999)}!` })
      const ms = elapsedMs(() => expect(outcome(`re(account.traits.text, '${pattern}')`, facts)).toBe(false))
      expect(ms).toBeLessThan(2_000)
    },
  )

  it('is not tried on very long texts', () => {
    const facts = acme({ text: 'a'.repeat(10_001) })
    expect(outcome("re(account.traits.text, '^a')", facts)).toBe('a pattern is tried on at most 10000 characters')
  })
})

describe('traits without bounds', () => {
  const tooMuch = 'the condition takes too much work on these facts'

  it.each([
    ['a long list', { x: Array.from({ length: 1_001 }, () => 1) }, 'account.traits.x has more than 1000 elements'],
    [
      'many names',
      { x: Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`n${i}`, 1])) },
      'has more than 1000',
    ],
    ['a deep list', { x: nested(7) }, 'account.traits.x is nested deeper than 6 levels'],
    ['an endless list', { x: nested(5_000) }, 'account.traits.x is nested deeper than 6 levels'],
    ['a long text', { x: 'a'.repeat(1_000_001) }, tooMuch],
    ['much in all', { x: Array.from({ length: 1_000 }, () => 'a'.repeat(1_001)) }, tooMuch],
  ])('%s: undecided', (_what, traits, expected) => {
    expect(outcome('account.traits.x == "y"', acme(traits))).toContain(expected)
  })

  it('cannot make an evaluation long by being read again for each element', () => {
    const facts = acme({ x: Array.from({ length: 1_000 }, (_, i) => `${i}`), text: 'a'.repeat(9_000) })
    const sources = [
      "account.traits.x.exists(e, re(account.traits.text, '(ab?){40}c'))",
      'account.traits.x.exists(e, account.traits.text.contains("b"))',
      'account.traits.x.exists(e, e + "x" in (account.traits.x + account.traits.x))',
    ]
    for (const source of sources) {
      const ms = elapsedMs(() => expect(outcome(source, facts)).toBe(tooMuch))
      expect(ms).toBeLessThan(2_000)
    }
  })

  it('may use the bounds up', () => {
    const x = Array.from({ length: 1_000 }, (_, i) => `tag-${i}`)
    expect(outcome("account.traits.x.exists(e, re(e, '^tag-999$'))", acme({ x }))).toBe(true)
    expect(outcome('account.traits.x[0][0][0][0][0][0] == "x"', acme({ x: nested(6) }))).toBe(true)
  })
})

describe('names of prototypes', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'])(
    '%s is not known where nobody sent it',
    (name) => {
      for (const fact of [`account.traits.${name}`, `account.traits["${name}"].name`, `account.traits.plan.${name}`]) {
        expect(outcome(`${fact} == "x"`)).toBe(`${fact.replaceAll(/\["(\w+)"\]/g, '.$1')} is not known`)
        expect(outcome(`has(${fact})`)).toBe(false)
      }
      expect(outcome(`"${name}" in account.traits`)).toBe(false)
      expect(outcome(`account.traits["${name}" + ""] == "x"`)).toContain(`No such key: ${name}`)
    },
  )

  it.each(['__proto__', 'constructor', 'toString'])('%s is a trait like any other where somebody sent it', (name) => {
    const sent: unknown = JSON.parse(`{ "${name}": "x", "inner": { "${name}": "y", "z": 1 } }`)
    const facts = acme(sent as Record<string, unknown>)
    expect(outcome(`account.traits.${name} == "x"`, facts)).toBe(true)
    expect(outcome(`account.traits.inner.${name} == "y" && account.traits.inner.z == 1`, facts)).toBe(true)
    expect(outcome(`account.traits["${name}" + ""] == "x"`, facts)).toBe(true)
    expect(outcome('account.traits.exists(n, account.traits[n] == "pro")', facts)).toBe(true)
  })

  it.each(['__proto__', 'constructor', 'toString'])('%s is no fact, function or measure', (name) => {
    expect(messages(`${name} == "x"`)).toEqual([expect.stringMatching(/is not a fact$|^Reserved identifier/)])
    expect(messages(`health.${name} == "x"`)).toEqual([`health.${name} is not a fact`])
    expect(messages(`${name}("x") == "x"`)).toEqual([expect.stringMatching(/is not available$|^Reserved identifier/)])
    expect(messages(`account.name.${name}("x") == "x"`)).toEqual([`${name}() is not available`])
    expect(outcome(`health.measures.${name}.value > 1`)).toBe(`health.measures.${name}.value is not known`)
  })
})

describe('facts of another shape than declared', () => {
  it.each([
    ['health.score < 40', { score: '38' }, 'health.score is not of type double'],
    ['health.partial', { partial: 1 }, 'health.partial is not of type bool'],
    [
      'health.measures.exists(m, true)',
      { measures: [] },
      'health.measures is not of type map<string, map<string, dyn>>',
    ],
    ['health.band == "red"', { band: {} }, 'health.band is not of type string'],
  ])('leave %s undecided', (source, health, expected) => {
    const facts = { ...acme(), health: { ...acme().health, ...health } as never }
    expect(outcome(source, facts)).toBe(expected)
  })

  it('or that are no whole number', () => {
    const facts = { ...acme(), tickets: { open: 1.5, serious: Number.NaN, oldestSeriousDays: 1 } }
    expect(outcome('tickets.open > 1', facts)).toBe('tickets.open is not of type int')
    expect(outcome('tickets.serious > 1', facts)).toBe('tickets.serious is not of type int')
  })
})
