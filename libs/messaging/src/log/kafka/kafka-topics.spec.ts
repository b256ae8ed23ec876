import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { Kafka } from 'kafkajs'
import { createRequire } from 'node:module'
import { createKafka } from './client.ts'
import { KafkaTopics } from './kafka-topics.ts'

const client = { brokers: ['127.0.0.1:1'], clientId: 'spec' }
const TOPIC = 'health.scores.v1'
const { createErrorFromCode } = createRequire(import.meta.url)('kafkajs/src/protocol/error') as {
  createErrorFromCode: (code: number) => Error
}
const [UNKNOWN_TOPIC, LEADER_NOT_AVAILABLE, NOT_LEADER, TIMED_OUT] = [3, 5, 6, 7]
const BOUNDS = { partition: 0, offset: '9', high: '9', low: '4' }

/** Every admin client answers by these codes, one for each time that it is asked, the last again; 0: no error. */
const answering = (...codes: readonly number[]) => {
  const left = [...codes]
  const admin = createKafka(client, 1_000).admin()
  jest.spyOn(admin, 'connect').mockResolvedValue()
  jest.spyOn(Kafka.prototype, 'admin').mockReturnValue(admin)
  return jest.spyOn(admin, 'fetchTopicOffsets').mockImplementation(async () => {
    const code = (left.length > 1 ? left.shift() : left[0]) ?? 0
    if (code !== 0) throw createErrorFromCode(code)
    return [BOUNDS]
  })
}

describe('the bounds of a topic', () => {
  afterEach(() => {
    jest.restoreAllMocks()
  })

  it('are asked for again while a leader does not know yet that it is one', async () => {
    const asked = answering(NOT_LEADER, LEADER_NOT_AVAILABLE, 0)
    expect(await new KafkaTopics(client).positions(TOPIC)).toEqual([{ topic: TOPIC, partition: 0, start: 4, end: 9 }])
    expect(asked).toHaveBeenCalledTimes(3)
  })

  it('are asked for no longer than a leader takes', async () => {
    const asked = answering(NOT_LEADER)
    const bounds = new KafkaTopics(client, { leaderWaitMs: 150 }).positions(TOPIC)
    await expect(bounds).rejects.toMatchObject({ type: 'NOT_LEADER_FOR_PARTITION' })
    expect(asked.mock.calls.length).toBeGreaterThan(1)
  })

  it.each([
    [TIMED_OUT, 'The request timed out'],
    [UNKNOWN_TOPIC, `there is no topic ${TOPIC} in the log`],
  ])('are not asked for again after error %i of Kafka', async (code, words) => {
    const asked = answering(code, 0)
    await expect(new KafkaTopics(client).positions(TOPIC)).rejects.toThrow(words)
    expect(asked).toHaveBeenCalledTimes(1)
  })
})
