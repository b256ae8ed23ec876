import { describe, expect, it } from '@jest/globals'
import { ChunkSize } from './chunk-size.ts'

describe('the size of chunks', () => {
  it('grows while chunks are quick, up to a limit', () => {
    const size = new ChunkSize()
    for (let n = 0; n < 5; n += 1) size.took(20)
    expect(size.current).toBe(1_000)
  })

  it('shrinks when one took long, and stays in between', () => {
    const size = new ChunkSize()
    size.took(2_100)
    expect(size.current).toBe(64)
    size.took(1_500)
    expect(size.current).toBe(64)
  })

  it('never falls below one record', () => {
    const size = new ChunkSize()
    for (let n = 0; n < 12; n += 1) size.halve()
    expect(size.current).toBe(1)
  })
})
