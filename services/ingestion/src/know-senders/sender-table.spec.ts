import { ManualClock } from '@banso/testing'
import { beforeEach, describe, expect, it } from '@jest/globals'
import { SenderTable } from './sender-table.ts'

/** A database of names that can be away, and counts what it is asked. */
class Directory {
  names = ['a', 'b']
  away = false
  asked = 0

  readonly all = async (limit: number) => this.#answer().slice(0, limit)
  readonly one = async (name: string) => {
    this.asked += 1
    return this.#answer().find((known) => known === name)
  }
  readonly nameOf = (name: string) => name

  #answer(): string[] {
    if (this.away) throw new Error('away')
    return this.names
  }
}

describe('the table of senders', () => {
  let clock: ManualClock
  let directory: Directory
  let table: SenderTable<string>

  beforeEach(async () => {
    clock = new ManualClock()
    directory = new Directory()
    table = new SenderTable(clock, directory)
    await table.refresh()
  })

  it('asks nobody for who is known', async () => {
    expect(await table.find('a')).toBe('a')
    expect(directory.asked).toBe(0)
  })

  it('looks an unknown name up, once for all who ask at the same time', async () => {
    const found = await Promise.all([table.find('c'), table.find('c'), table.find('c')])
    expect(found).toEqual([undefined, undefined, undefined])
    expect(directory.asked).toBe(1)
  })

  it('knows a new one at once, and forgets a revoked one at the next refresh', async () => {
    directory.names = ['b', 'c']
    expect(await table.find('c')).toBe('c')
    expect(await table.find('a')).toBe('a')
    await table.refresh()
    expect(await table.find('a')).toBeUndefined()
  })

  it('without the database, known ones stay valid for an hour, and nobody is refused', async () => {
    directory.away = true
    await expect(table.refresh()).rejects.toThrow('away')
    clock.advance(3_599_999)
    expect(await table.find('a')).toBe('a')
    await expect(table.find('c')).rejects.toMatchObject({ status: 503, code: 'SENDER_UNCHECKED' })
    clock.advance(1)
    await expect(table.find('a')).rejects.toMatchObject({ status: 503 })
  })

  it('asks for few unknown names at a time', async () => {
    const asked = ['1', '2', '3', '4', '5'].map((name) => table.find(name))
    const results = await Promise.allSettled(asked)
    expect(results.map(({ status }) => status)).toEqual([...Array<string>(4).fill('fulfilled'), 'rejected'])
  })
})
