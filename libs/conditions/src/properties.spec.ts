import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { acme } from '../test/facts.ts'
import { condition, verdict } from '../test/verdicts.ts'
import { compileCondition } from './compile.ts'
import { vocabulary } from './vocabulary/vocabulary.ts'

const name = fc.oneof(
  fc.constantFrom('x', 'y', '__proto__', 'constructor', 'toString', 'length', 'size'),
  fc.string({ maxLength: 4 }),
)
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 7, withCrossShrink: true },
    fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(name, tie('json'), { maxKeys: 4 }),
  ),
}))
const traits = fc.dictionary(name, json, { maxKeys: 5 })

const sources = [
  'account.traits.x == 1',
  'account.traits.x < account.traits.y',
  'account.traits.x == account.traits.y',
  '!account.traits.x',
  'account.traits.x + account.traits.y != 5',
  'account.traits.x in account.traits.y',
  'account.traits.x.exists(e, e == account.traits.y)',
  'account.traits.x.all(e, e.size() > 1 || e.x == 1)',
  'account.traits.filter(n, account.traits[n] != null).size() > 1',
  'account.traits.x[0] == account.traits.x["x"]',
  'account.traits[account.traits.x] == account.traits',
  're(account.traits.x, "a+$") || account.traits.y',
  'daysBetween(account.traits.x, today) > hoursBetween(now, account.traits.y)',
  'int(account.traits.x) > 1 ? account.traits.y : string(account.traits.x) == "1"',
  'account.traits.constructor == 1 || account.traits.__proto__.x == 1',
  '[account.traits.x] == [account.traits.y]',
]
const anySource = fc.constantFrom(...sources)

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}

describe('any traits', () => {
  it('give a verdict: never an exception, always the same, and the facts stay as they are', () => {
    fc.assert(
      fc.property(anySource, traits, (source, sent) => {
        const facts = frozen(acme(sent))
        const compiled = condition(source)
        const said = compiled.evaluate(facts)
        expect(compiled.evaluate(facts)).toEqual(said)
        expect(verdict(source, facts)).toEqual(said)
        for (const path of Object.keys(said.used)) expect(compiled.paths).toContain(path)
      }),
      { numRuns: 1_000 },
    )
  })

  it('do not matter to each other: evaluating others in between changes nothing', () => {
    fc.assert(
      fc.property(anySource, fc.array(traits, { minLength: 2, maxLength: 5 }), (source, all) => {
        const compiled = condition(source)
        const verdicts = all.map((sent) => compiled.evaluate(acme(sent)))
        const again = all.toReversed().map((sent) => compiled.evaluate(acme(sent)))
        expect(again.toReversed()).toEqual(verdicts)
      }),
    )
  })

  it('are known when they are there and not null, however one asks', () => {
    fc.assert(
      fc.property(traits, (sent) => {
        const known = Object.hasOwn(sent, 'x') && sent['x'] !== null
        const facts = acme(sent)
        expect(verdict('has(account.traits.x)', facts)).toMatchObject({ kind: 'decided', value: known })
        expect(verdict('account.traits.x != null', facts)).toMatchObject({ kind: 'decided', value: known })
        expect(verdict('account.traits.x == null', facts)).toMatchObject({ kind: 'decided', value: !known })
        expect(verdict('account.traits.x == 1', facts).kind === 'decided' || !known || tooLarge(sent['x'])).toBe(true)
      }),
    )
  })
})

const tooLarge = (value: unknown, depth = 0): boolean =>
  depth > 6 ||
  (typeof value === 'object' && value !== null && Object.values(value).some((inner) => tooLarge(inner, depth + 1)))

describe('numbers', () => {
  const number = fc.oneof(fc.integer(), fc.double({ noNaN: true }))
  const operators: readonly (readonly [string, (a: number, b: number) => boolean])[] = [
    ['<', (a, b) => a < b],
    ['<=', (a, b) => a <= b],
    ['>', (a, b) => a > b],
    ['>=', (a, b) => a >= b],
    ['==', (a, b) => a === b],
    ['!=', (a, b) => a !== b],
  ]

  it.each(operators)('compare with %s as numbers do, whole or not', (sign, compare) => {
    fc.assert(
      fc.property(number, number, (x, y) => {
        const facts = acme({ x, y })
        expect(verdict(`account.traits.x ${sign} account.traits.y`, facts)).toMatchObject({ value: compare(x, y) })
        const scored = { ...facts, health: { ...facts.health, score: x } }
        expect(verdict(`health.score ${sign} tickets.open`, scored)).toMatchObject({ value: compare(x, 3) })
      }),
    )
  })
})

type Truth = boolean | null

const not = (a: Truth): Truth => (a === null ? null : !a)
const and = (a: Truth, b: Truth): Truth => {
  if (a === false || b === false) return false
  return a === null || b === null ? null : true
}
const truth = (source: string, a: Truth, b: Truth): Truth => {
  const said = verdict(source, acme({ a, b }))
  return said.kind === 'decided' ? said.value : null
}

describe('three values', () => {
  const value = fc.constantFrom<Truth>(true, false, null)

  it('join as in logic: unknown only where the rest does not decide, in either order', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(truth('account.traits.a && account.traits.b', a, b)).toBe(and(a, b))
        expect(truth('account.traits.b && account.traits.a', a, b)).toBe(and(a, b))
        expect(truth('account.traits.a || account.traits.b', a, b)).toBe(not(and(not(a), not(b))))
        expect(truth('!account.traits.a', a, b)).toBe(not(a))
      }),
    )
  })
})

describe('any text', () => {
  const facts = Object.keys(vocabulary.trigger).map((path) => path.replace('*', 'x'))
  const signs = [
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    '.',
    '?',
    ':',
    '!',
    '-',
    '==',
    '!=',
    '<',
    '>=',
    '&&',
    '||',
    '+',
    '%',
  ]
  const values = ['1', '2.5', '1u', '"a"', "r'\\d'", 'b"x"', 'null', 'true', 'x', '_0']
  const broken = ['//', '\n', '"', '"""', '\\', 'é', '\0', 'in']
  const calls = ['has(', 're(', '.exists(x,', '.all(x,', '.filter(x,', '.size()', 'size(', 'daysBetween(', '.matches(']
  const token = fc.constantFrom(...facts, ...signs, ...values, ...broken, ...calls)
  const text = fc.oneof(
    fc.array(token, { maxLength: 14 }).map((tokens) => tokens.join(' ')),
    fc.array(token, { maxLength: 8 }).map((tokens) => tokens.join('')),
    fc.string({ unit: 'binary', maxLength: 40 }),
  )

  it('is a condition that gives verdicts, or has faults that lie in it', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('account' as const, 'trigger' as const), (source, scope) => {
        const compiled = compileCondition(source, scope)
        const faults = 'faults' in compiled ? compiled.faults : []
        const lines = source.split('\n')
        const kind = 'condition' in compiled ? compiled.condition.evaluate(acme()).kind : 'faulty'
        expect(kind === 'faulty').toBe(faults.length > 0)
        for (const { message, line, column } of faults) {
          expect(message).not.toBe('')
          expect(line).toBeLessThanOrEqual(lines.length)
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
          expect(Math.min(line, column)).toBeGreaterThanOrEqual(1)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
