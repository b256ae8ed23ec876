import { HEADER } from '@banso/contracts'
import { describe, expect, it } from '@jest/globals'
import { idsOf, recordAt } from '../../../test/records.suite.ts'
import { sequenceFence } from './sequence-fence.ts'

const sent = (offset: number, writer: string, sequence: number) => recordAt(offset, 'a', { writer, sequence })

describe('the sequence fence', () => {
  it('drops what a writer had sent before this chunk', () => {
    const { records, drops } = sequenceFence([sent(0, 'w', 4), sent(1, 'w', 5), sent(2, 'w', 6)], new Map([['w', 5]]))
    expect(idsOf(records)).toEqual(['a2'])
    expect(drops).toEqual(new Map([['w', 2]]))
  })

  it('moves as the chunk is read, so that a repeat within it is dropped', () => {
    const { records, raised } = sequenceFence([sent(0, 'w', 1), sent(1, 'w', 2), sent(2, 'w', 1)], new Map())
    expect(idsOf(records)).toEqual(['a0', 'a1'])
    expect(raised).toEqual(new Map([['w', 2]]))
  })

  it('takes the sequence 0 of a writer that it has not seen', () => {
    expect(idsOf(sequenceFence([sent(0, 'w', 0)], new Map()).records)).toEqual(['a0'])
  })

  it('keeps writers apart', () => {
    const { records, raised } = sequenceFence([sent(0, 'v', 9), sent(1, 'w', 2)], new Map([['v', 9]]))
    expect(idsOf(records)).toEqual(['a1'])
    expect(raised).toEqual(new Map([['w', 2]]))
  })

  it('passes records without a writer or a sequence: decoding refuses them', () => {
    const bare = sent(0, 'w', 1)
    const { [HEADER.sequence]: _, ...headers } = bare.headers
    const { records, raised } = sequenceFence([{ ...bare, headers }], new Map([['w', 5]]))
    expect(records).toHaveLength(1)
    expect(raised.size).toBe(0)
  })
})
