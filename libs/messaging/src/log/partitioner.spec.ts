import { describe, expect, it } from '@jest/globals'
import { topics } from '@banso/contracts'
import { murmur2, partitionAmong, partitionOf } from './partitioner.ts'

describe('murmur2', () => {
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])("gives for %s what Kafka's own tests expect", (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash)
  })

  it('reads bytes above 0x7f as unsigned', () => {
    expect(murmur2(Buffer.from([0xff]))).not.toBe(murmur2(Buffer.from([0x7f])))
    expect(murmur2(Buffer.from('伴走'))).toBe(murmur2(new Uint8Array([0xe4, 0xbc, 0xb4, 0xe8, 0xb5, 0xb0])))
  })
})

describe('the partition of a key', () => {
  it('is the positive hash modulo the number of partitions', () => {
    expect(partitionAmong('21', 16)).toBe((-973932308 & 0x7fffffff) % 16)
    expect(partitionAmong('21', 16)).toBe(partitionAmong('21', 16))
  })

  it('spreads keys over all partitions of a topic', () => {
    const used = new Set(Array.from({ length: 500 }, (_, n) => partitionOf(topics.received.name, `source/user-${n}`)))
    expect(used.size).toBe(topics.received.partitions)
  })

  it('stays the same when the cache has been emptied', () => {
    const before = partitionAmong('kept', 16)
    for (let n = 0; n < 60_000; n += 1) partitionAmong(`filler-${n}`, 16)
    expect(partitionAmong('kept', 16)).toBe(before)
  })

  it('is refused for a topic that is not ours', () => {
    expect(() => partitionOf('someone.elses.v1', 'key')).toThrow(RangeError)
  })
})
