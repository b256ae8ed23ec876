import { beforeEach, describe, expect, it } from '@jest/globals'
import kafkajs from 'kafkajs'
import { noticesTo } from './notices.ts'

const { logLevel } = kafkajs

describe('what kafkajs says', () => {
  let said: string[]
  let now: number
  let hear: ReturnType<typeof noticesTo>
  beforeEach(() => {
    said = []
    now = 1_000_000
    const at = (level: string) => (details: object, message: string) =>
      void said.push(`${level} ${message} ${JSON.stringify(details)}`)
    hear = noticesTo({ debug: at('debug'), warn: at('warn'), error: at('error') }, () => now)
  })

  const say = (message: string, about: object = {}, level = logLevel.ERROR) =>
    hear({ namespace: 'Connection', level, label: '', log: { timestamp: '', logger: 'kafkajs', message, ...about } })
  const answered = (error: string) => say('Response Metadata(key: 3)', { error })
  const levels = () => said.map((line) => line.split(' ')[0])

  it('is said once in a while, with what it is about', () => {
    say('Connection error: connect ECONNREFUSED', { broker: 'kafka:9092' })
    say('Connection error: connect ECONNREFUSED', { broker: 'kafka:9093' })
    say('The group is rebalancing, re-joining', {}, logLevel.WARN)
    expect(said).toEqual([
      'error Connection error: connect ECONNREFUSED {"kafka":"Connection","broker":"kafka:9092"}',
      'warn The group is rebalancing, re-joining {"kafka":"Connection"}',
    ])
    now += 30_000
    say('Connection error: connect ECONNREFUSED')
    expect(said).toHaveLength(3)
  })

  it('is told apart by the error: the same request may fail in another way', () => {
    say('Response Fetch(key: 1)', { error: 'Disk error when trying to access log file on the disk' })
    say('Response Fetch(key: 1)', { error: 'Not authorized to access topics: [Topic authorization failed]' })
    expect(levels()).toEqual(['error', 'error'])
  })

  it('is for debugging while it may pass, and a fault when it stays', () => {
    const notThere = 'This server does not host this topic-partition'
    for (const _ of Array.from({ length: 29 })) {
      answered(notThere)
      now += 1_000
    }
    expect(new Set(levels())).toEqual(new Set(['debug']))
    now += 1_000
    answered(notThere)
    answered(notThere)
    expect(levels().filter((level) => level === 'error')).toHaveLength(1)
  })

  it('is so for a consumer that such an answer crashed, too', () => {
    say('Crash: KafkaJSGroupCoordinatorNotFound: Failed to find group coordinator')
    say("Crash: KafkaJSProtocolError: The coordinator is loading and hence can't process requests for this group")
    say('Restarting the consumer in 100ms')
    say('Crash: KafkaJSProtocolError: Not authorized to access group: Group authorization failed')
    expect(levels()).toEqual(['debug', 'debug', 'debug', 'error'])
  })

  it('has passed when it was not heard for a while', () => {
    answered('The group coordinator is not available')
    now += 45_000
    answered('The group coordinator is not available')
    expect(levels()).toEqual(['debug', 'debug'])
  })
})
