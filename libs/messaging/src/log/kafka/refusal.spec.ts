import { describe, expect, it } from '@jest/globals'
import { refusalOf } from './refusal.ts'

const topic = (name: string) => Object.assign(new Error('x'), { type: 'TOPIC_AUTHORIZATION_FAILED', topic: name })

describe('what Kafka refuses', () => {
  it('is found where kafkajs puts it, each once, with its topic', () => {
    const several = Object.assign(new Error('Topic creation errors'), { errors: [topic('a'), topic('b'), topic('a')] })
    expect(refusalOf(new Error('retries', { cause: several }))?.message).toMatch(
      /^Kafka refuses us what we need: TOPIC_AUTHORIZATION_FAILED of a, TOPIC_AUTHORIZATION_FAILED of b\. Every service needs/,
    )
  })

  it('is nothing else', () => {
    expect(refusalOf(Object.assign(new Error('x'), { type: 'LEADER_NOT_AVAILABLE' }))).toBeUndefined()
    expect(refusalOf('gone')).toBeUndefined()
  })
})
