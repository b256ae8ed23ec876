import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import Type from 'typebox'
import Value from 'typebox/value'
import { schemaFaults } from './schema-faults.ts'

const closed = { additionalProperties: false }
const Steps = Type.Cyclic(
  {
    Step: Type.Union([
      Type.Object({ kind: Type.Literal('wait'), days: Type.Integer({ minimum: 1 }) }, closed),
      Type.Object({ kind: Type.Literal('branch'), steps: Type.Array(Type.Ref('Step')) }, closed),
    ]),
  },
  'Step',
)
const Spec = Type.Object(
  {
    level: Type.Union([Type.Literal('low'), Type.Literal('high')]),
    unit: Type.Optional(Type.Enum(['day', 'week'])),
    until: Type.Optional(
      Type.Union([Type.Object({ date: Type.String() }, closed), Type.Object({ days: Type.Integer() }, closed)]),
    ),
    weights: Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.Number({ maximum: 1 }), closed),
    steps: Type.Array(Steps, { minItems: 1 }),
  },
  closed,
)
const good = { level: 'low', weights: { share: 0.5 }, steps: [{ kind: 'wait', days: 2 }] }
const pointers = (value: unknown) => schemaFaults(Spec, value, '/spec').map(({ pointer }) => pointer)

describe('the faults of a document', () => {
  it('are none where it fits', () => {
    expect(schemaFaults(Spec, good)).toEqual([])
    expect(schemaFaults(Spec, { ...good, until: { days: 3 } })).toEqual([])
  })

  it.each([
    ['nothing that is needed', { level: 'low' }, ['/spec']],
    ['an unknown property', { ...good, 'a/b': 1 }, ['/spec/a~1b']],
    ['a number beyond its bound', { ...good, weights: { share: 2 } }, ['/spec/weights/share']],
    ['a key that no pattern allows', { ...good, weights: { Share: 0.1 } }, ['/spec/weights/Share']],
    ['no object at all', [], ['/spec']],
    ['an empty list', { ...good, steps: [] }, ['/spec/steps']],
  ])('are at the place: %s', (_, value, expected) => {
    expect(pointers(value)).toEqual(expected)
  })

  it('say the constants that are allowed, once', () => {
    expect(schemaFaults(Spec, { ...good, level: 'mid', unit: 'year' })).toEqual([
      { pointer: '/level', message: 'must be one of "low", "high"' },
      { pointer: '/unit', message: 'must be one of "day", "week"' },
    ])
  })

  it('are told of the branch that the constant names, however deep', () => {
    const steps = [{ kind: 'branch', steps: [{ kind: 'wait', days: 0 }, { kind: 'call' }, {}] }]
    expect(schemaFaults(Spec, { ...good, steps })).toEqual([
      { pointer: '/steps/0/steps/0/days', message: 'must be >= 1' },
      { pointer: '/steps/0/steps/1/kind', message: 'must be one of "wait", "branch"' },
      { pointer: '/steps/0/steps/2', message: 'kind must be one of "wait", "branch"' },
    ])
  })

  it('are told of the branch whose keys are there', () => {
    expect(pointers({ ...good, until: { days: 'soon' } })).toEqual(['/spec/until/days'])
  })

  it('are told by name, whatever does not fit', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('wait', 'branch', 'x'), days: fc.integer({ min: -1, max: 2 }) }),
      fc.record({ kind: fc.constant('branch'), steps: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 2 }) }),
    )
    const spec = fc.record(
      {
        level: fc.constantFrom('low', 'high', 'mid'),
        unit: fc.constantFrom('day', 'week', 1),
        until: fc.oneof(fc.record({ days: fc.integer() }), fc.jsonValue({ maxDepth: 1 })),
        weights: fc.dictionary(fc.constantFrom('a', 'b', 'C'), fc.double({ noNaN: true, min: -2, max: 2 })),
        steps: fc.array(step, { maxLength: 2 }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(spec, fc.jsonValue()), (value) => {
        const faults = schemaFaults(Spec, value)
        expect(faults.length === 0).toBe(Value.Check(Spec, value))
        expect(faults.map(({ message }) => message)).not.toContain('does not fit its schema')
      }),
    )
  })

  it('are all told, however many', () => {
    const weights = Object.fromEntries(Array.from({ length: 26 }, (_, at) => [String.fromCharCode(97 + at), 9]))
    expect(pointers({ ...good, weights })).toHaveLength(26)
  })
})
