import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type EventType, faultsOf, isEventData, isEventType } from './index.ts'

const dataOf = (type: EventType): Record<string, unknown> => {
  const file = join(import.meta.dirname, `../golden/${type}.json`)
  return (JSON.parse(readFileSync(file, 'utf8')) as { data: Record<string, unknown> }).data
}

describe('the validators', () => {
  const used = dataOf('ingestion.product-used.v1')
  const scored = dataOf('health.account-scored.v1')

  it.each([
    ['a uuid', '/accountId', { ...used, accountId: '97214a4c-fb15-53e4-b2e7' }],
    ['an instant', '/receivedAt', { ...used, receivedAt: '2026-01-15 00:12' }],
    ['an instant with a zone', '/receivedAt', { ...used, receivedAt: '2026-01-15T00:12:03' }],
    ['an instant that exists', '/receivedAt', { ...used, receivedAt: '2026-02-30T00:12:03Z' }],
    ['a name of a source', '/source', { ...used, source: 'Web App' }],
  ])('refuse what is not %s', (_what, pointer, data) => {
    expect(isEventData('ingestion.product-used.v1', data)).toBe(false)
    expect(faultsOf('ingestion.product-used.v1', data)).toEqual([expect.objectContaining({ pointer })])
  })

  it('refuse a day that is not a date', () => {
    expect(faultsOf('health.account-scored.v1', { ...scored, day: '2026-13-01' })).toEqual([
      expect.objectContaining({ pointer: '/day' }),
    ])
  })

  it('refuse a missing field', () => {
    const { personId: _personId, ...rest } = used
    expect(isEventData('ingestion.product-used.v1', rest)).toBe(false)
  })

  it('let unknown fields pass: schemas only ever grow', () => {
    expect(isEventData('ingestion.product-used.v1', { ...used, addedLater: true })).toBe(true)
  })

  it('say at most 8 faults', () => {
    const evidence = Array.from({ length: 20 }, (_, index) => index)
    const data = { ...dataOf('health.band-changed.v1'), evidence, accountId: 1, day: 1 }
    expect(faultsOf('health.band-changed.v1', data)).toHaveLength(8)
  })

  it('know the types of the catalogue and no others', () => {
    expect(isEventType('ingestion.product-used.v1')).toBe(true)
    expect(isEventType('toString')).toBe(false)
    expect(isEventType('ingestion.product-used.v2')).toBe(false)
  })
})
