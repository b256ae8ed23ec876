import { describe, expect, it } from '@jest/globals'
import { makeMemoryFolder } from './memory-folder.ts'

describe('the folder in memory for what tests store', () => {
  it('is not made where this machine has no such place', () => {
    expect(makeMemoryFolder(undefined, { within: '/none/of/this/name' })).toBeUndefined()
  })

  it('is not made where there is too little of it, or another place was named', () => {
    expect(makeMemoryFolder(undefined, { leastBytes: Number.POSITIVE_INFINITY })).toBeUndefined()
    expect(makeMemoryFolder('/var/tmp', { leastBytes: 0 })).toBeUndefined()
  })
})
