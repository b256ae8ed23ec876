import { describe, expect, it } from '@jest/globals'
import { foldTraits, MAX_TRAIT_BYTES, MAX_TRAITS, type Traits, valuesOf } from './traits.ts'

const none: Traits = new Map()
const at = (hour: number) => ({ at: `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`, by: 'e1' })

describe('traits', () => {
  it('decides a tie of event times by ce_id', () => {
    const first = foldTraits(none, { plan: 'a' }, { ...at(1), by: 'e2' })
    expect(valuesOf(foldTraits(first, { plan: 'b' }, { ...at(1), by: 'e1' }))).toEqual({ plan: 'a' })
    expect(valuesOf(foldTraits(first, { plan: 'b' }, { ...at(1), by: 'e3' }))).toEqual({ plan: 'b' })
  })

  it('keeps the newest when there are too many', () => {
    const many = Object.fromEntries(Array.from({ length: MAX_TRAITS }, (_, n) => [`old${n}`, n]))
    const folded = foldTraits(foldTraits(none, { newest: true }, at(2)), many, at(1))
    expect(folded.size).toBe(MAX_TRAITS)
    expect(valuesOf(folded)).toMatchObject({ newest: true })
    expect(valuesOf(foldTraits(foldTraits(none, many, at(1)), { newest: true }, at(2)))).toEqual(valuesOf(folded))
  })

  it('leaves out a value that is too large, to the byte', () => {
    const largest = 'é'.repeat((MAX_TRAIT_BYTES - '{"a":""}'.length) / 2)
    expect(foldTraits(none, { a: largest }, at(1)).size).toBe(1)
    expect(foldTraits(none, { a: `${largest}x` }, at(1)).size).toBe(0)
  })

  it('takes __proto__ for a name like any other', () => {
    const values = valuesOf(foldTraits(none, JSON.parse('{"__proto__": {"admin": true}}') as object as never, at(1)))
    expect(Object.hasOwn(values, '__proto__')).toBe(true)
    expect('admin' in values).toBe(false)
  })
})
