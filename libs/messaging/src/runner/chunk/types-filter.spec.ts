import { HEADER } from '@banso/contracts'
import { describe, expect, it } from '@jest/globals'
import { idsOf, recordAt } from '../../../test/records.suite.ts'
import { typesFilter } from './types-filter.ts'

describe('the types filter', () => {
  const other = recordAt(1, 'b')
  const records = [recordAt(0, 'a'), { ...other, headers: { ...other.headers, [HEADER.type]: 'another.type.v1' } }]

  it('passes over the types that a handler does not want, whatever their values hold', () => {
    const broken = records.map((record) => ({ ...record, value: Buffer.from('{') }))
    expect(idsOf(typesFilter(broken, new Set(['ingestion.product-used.v1'])))).toEqual(['a0'])
  })

  it('passes all to a handler that names none', () => {
    expect(idsOf(typesFilter(records, undefined))).toEqual(['a0', 'b1'])
  })
})
