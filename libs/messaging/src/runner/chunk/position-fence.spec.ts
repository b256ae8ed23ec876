import { describe, expect, it } from '@jest/globals'
import { idsOf, recordAt } from '../../../test/records.suite.ts'
import { positionFence } from './position-fence.ts'

describe('the position fence', () => {
  const records = [recordAt(3, 'a'), recordAt(4, 'b'), recordAt(7, 'c')]

  it('drops what is below the position', () => {
    expect(idsOf(positionFence(records, 4))).toEqual(['b4', 'c7'])
  })

  it('passes everything from the position on, over gaps of a compacted topic', () => {
    expect(idsOf(positionFence(records, 3))).toEqual(['a3', 'b4', 'c7'])
    expect(idsOf(positionFence(records, 5))).toEqual(['c7'])
  })

  it('leaves nothing of a chunk that was committed before', () => {
    expect(positionFence(records, 8)).toEqual([])
  })
})
