import { describe, expect, it } from '@jest/globals'
import { foldVersions, isNewer, versionOf } from './version.ts'

const version = (generation: number, sequence: number) => ({ generation, sequence })

describe('versions of a key on a compacted topic', () => {
  it('come from the writer and its sequence', () => {
    expect(versionOf({ writer: 'outbox/accounts/3', sequence: 12 })).toEqual(version(3, 12))
    expect(versionOf({ writer: 'received/log.1/4', sequence: 64 })).toEqual(version(0, 64))
  })

  it('are newer by generation first, then by sequence; never the same again', () => {
    expect(isNewer(version(1, 5), null)).toBe(true)
    expect(isNewer(version(1, 6), version(1, 5))).toBe(true)
    expect(isNewer(version(2, 1), version(1, 5))).toBe(true)
    expect(isNewer(version(1, 5), version(1, 5))).toBe(false)
    expect(isNewer(version(1, 9), version(2, 1))).toBe(false)
  })

  it('show which keys ended with something older', () => {
    const records = [
      { key: 'a', version: version(1, 5) },
      { key: 'b', version: version(1, 6) },
      { key: 'a', version: version(1, 4) },
      { key: 'c', version: version(1, 7) },
      { key: 'b', version: version(1, 6) },
      { key: 'c', version: version(1, 8) },
    ]
    const { newest, outdated } = foldVersions(records, new Map([['c', version(1, 9)]]))
    expect(outdated).toEqual(new Set(['a', 'c']))
    expect(newest).toEqual(
      new Map([
        ['a', version(1, 5)],
        ['b', version(1, 6)],
      ]),
    )
  })
})
