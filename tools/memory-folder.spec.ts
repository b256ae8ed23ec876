import { beforeEach, describe, expect, it } from '@jest/globals'
import { makeMemoryFolder } from './memory-folder.ts'

describe('the folder in memory for what tests store', () => {
  beforeEach(() => {
    delete process.env['TMPDIR'] // which run-jest sets
  })

  it('is not made where this machine has no such place', () => {
    expect(makeMemoryFolder('/none/of/this/name')).toBeUndefined()
  })

  it('is not made where there is too little of it, or another place was named', () => {
    expect(makeMemoryFolder('/dev/shm', Number.POSITIVE_INFINITY)).toBeUndefined()
    process.env['TMPDIR'] = '/var/tmp'
    expect(makeMemoryFolder('/dev/shm', 0)).toBeUndefined()
  })
})
