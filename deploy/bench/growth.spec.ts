import { describe, expect, it } from '@jest/globals'
import { grewBy } from './growth.ts'

describe('what was accepted, against the growth of the log', () => {
  const said: string[] = []
  const say = (line: string): void => void said.push(line)

  it('is the same or told', () => {
    expect(grewBy(1000, 1000, say)).toBe(true)
    expect(said).toEqual([])
    expect(grewBy(1000, 998, say)).toBe(false)
    expect(grewBy(1000, 1003, say)).toBe(false)
    expect(said).toEqual([
      '1000 events were accepted, but the ends of the topic grew by 998: 2 are missing',
      '1000 events were accepted, but the ends of the topic grew by 1003: 3 are too many',
    ])
  })
})
