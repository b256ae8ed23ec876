import { describe, expect, it } from '@jest/globals'
import { AppendQueue, ROUND_BYTES_PER_PARTITION, type Unconfirmed } from './append-queue.ts'
import { AppendError } from './errors.ts'
import type { AppendRecord } from './event-log.ts'
import { recordFor } from './suite/harness.ts'

/** A log that answers a round only when told to. */
class SlowLog {
  readonly rounds: AppendRecord[][] = []
  readonly #answers: ((answer: Unconfirmed | Error) => void)[] = []

  readonly send = (records: readonly AppendRecord[]): Promise<Unconfirmed> => {
    this.rounds.push([...records])
    return new Promise((resolve, reject) => {
      this.#answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
    })
  }

  async answer(answer: Unconfirmed | Error = { records: [] }): Promise<void> {
    this.#answers.shift()?.(answer)
    await new Promise((resolve) => setImmediate(resolve))
  }

  values(round: number): string[] {
    return (this.rounds[round] ?? []).map(({ value }) => value.toString())
  }
}

const record = (value: string, partition = 0): AppendRecord => recordFor('topic', partition, value)

describe('the append queue', () => {
  it('sends what arrives while a round is under way as the next one, in order', async () => {
    const log = new SlowLog()
    const queue = new AppendQueue(log.send)
    const first = queue.append([record('1')])
    await new Promise((resolve) => setImmediate(resolve))
    const later = ['2', '3', '4'].map((value) => queue.append([record(value)]))
    expect(log.rounds).toHaveLength(1)
    await log.answer()
    await first
    expect(log.values(1)).toEqual(['2', '3', '4'])
    await log.answer()
    await Promise.all(later)
    expect(log.rounds).toHaveLength(2)
  })

  it('lets the callers of one turn share the first round', async () => {
    const log = new SlowLog()
    const queue = new AppendQueue(log.send)
    const appends = [queue.append([record('1')]), queue.append([record('2')])]
    await new Promise((resolve) => setImmediate(resolve))
    expect(log.values(0)).toEqual(['1', '2'])
    await log.answer()
    await Promise.all(appends)
  })

  it('seals a round before a partition exceeds its bytes', async () => {
    const log = new SlowLog()
    const queue = new AppendQueue(log.send)
    const large = 'x'.repeat(ROUND_BYTES_PER_PARTITION / 4)
    const append = queue.append([record(large, 0), record(large, 1), record(large, 0), record(large, 1)])
    await new Promise((resolve) => setImmediate(resolve))
    // Each value stands in the record's header, too: two of them are over the limit of a round.
    expect(log.rounds[0]?.map(({ partition }) => partition)).toEqual([0, 1])
    await log.answer()
    expect(log.rounds[1]?.map(({ partition }) => partition)).toEqual([0, 1])
    await log.answer()
    await append
  })

  it('tells each caller which of its own records are not confirmed', async () => {
    const log = new SlowLog()
    const queue = new AppendQueue(log.send)
    const [kept, lost] = [record('kept'), record('lost', 1)]
    const cause = new Error('no leader')
    const fine = queue.append([record('fine')])
    const failed = queue.append([kept, lost]).catch((fault: unknown) => fault)
    await new Promise((resolve) => setImmediate(resolve))
    await log.answer({ records: [lost], cause })
    await fine
    const fault = await failed
    expect(fault).toBeInstanceOf(AppendError)
    expect((fault as AppendError).unconfirmed).toEqual([lost])
    expect((fault as AppendError).cause).toBe(cause)
  })

  it('counts nothing of a rejected round as confirmed, and goes on', async () => {
    const log = new SlowLog()
    const queue = new AppendQueue(log.send)
    const failed = queue.append([record('1')]).catch((fault: unknown) => fault)
    await new Promise((resolve) => setImmediate(resolve))
    const next = queue.append([record('2')])
    await log.answer(new Error('away'))
    expect(await failed).toBeInstanceOf(AppendError)
    expect(log.values(1)).toEqual(['2'])
    await log.answer()
    await next
    await queue.idle()
  })

  it('sends nothing of an append behind what is not confirmed of it in the same partition', async () => {
    const log = new SlowLog()
    const queue = new AppendQueue(log.send)
    const large = 'x'.repeat(ROUND_BYTES_PER_PARTITION / 2)
    const [older, newer, elsewhere] = [record(large), record(large), record('elsewhere', 1)]
    const failed = queue.append([older, newer, elsewhere]).catch((fault: unknown) => fault)
    const other = queue.append([record('other')])
    await new Promise((resolve) => setImmediate(resolve))
    await log.answer({ records: [older] })
    expect(log.values(1)).toEqual(['elsewhere', 'other'])
    await log.answer()
    await other
    expect((await failed) as AppendError).toMatchObject({ unconfirmed: [older, newer] })
  })
})
