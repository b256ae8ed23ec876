import { describe, expect, it } from '@jest/globals'
import { recordFor } from '../suite/harness.ts'
import { ownPartitions } from './partition-choice.ts'
import { Round } from './round.ts'

const records = [recordFor('a', 0, '1'), recordFor('a', 1, '2'), recordFor('b', 0, '3'), recordFor('a', 0, '4')]
const answer = (topicName: string, partition: number, errorCode = 0) => ({ topicName, partition, errorCode })
const sent = (requests: ReturnType<Round['together']>) =>
  requests.map((request) =>
    request.flatMap(({ topic, messages }) =>
      messages.map(({ partition, value }) => `${topic}/${partition}:${String(value)}`),
    ),
  )

describe('a round', () => {
  it('counts only the partitions that were answered: kafkajs can resolve without having written one', () => {
    const round = new Round(records)
    round.confirm([answer('a', 0), answer('b', 0)])
    expect(round.isConfirmed).toBe(false)
    expect(round.unconfirmed()).toEqual([records[1]])
    round.confirm([answer('a', 1)])
    expect(round.isConfirmed).toBe(true)
  })

  it('does not count an answer that is an error', () => {
    const round = new Round(records)
    round.confirm([answer('a', 0, 6), answer('a', 1), answer('b', 0)])
    expect(round.unconfirmed()).toEqual([records[0], records[3]])
  })

  it('is sent in one request first, in the order given per partition', () => {
    expect(sent(new Round(records).together())).toEqual([['a/0:1', 'a/0:4', 'a/1:2', 'b/0:3']])
  })

  it('sends again exactly what is open, each partition apart', () => {
    const round = new Round(records)
    round.confirm([answer('a', 1)])
    expect(sent(round.apart())).toEqual([['a/0:1', 'a/0:4'], ['b/0:3']])
  })
})

describe('the choice of a partition', () => {
  const choose = ownPartitions()
  const partitionMetadata = [0, 1].map((partitionId) => ({
    partitionId,
    partitionErrorCode: 0,
    leader: 1,
    replicas: [1],
    isr: [1],
  }))

  it('is ours', () => {
    expect(choose({ topic: 'a', partitionMetadata, message: { value: null, partition: 1 } })).toBe(1)
  })

  it('is never made by kafkajs', () => {
    expect(() => choose({ topic: 'a', partitionMetadata, message: { value: null, key: 'k' } })).toThrow(RangeError)
  })
})
