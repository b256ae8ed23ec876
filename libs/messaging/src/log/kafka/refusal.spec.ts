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

  it.each([
    [
      { name: 'KafkaJSSASLAuthenticationError' },
      /^Kafka does not let us in: why\. Are KAFKA_USERNAME and KAFKA_PASSWORD/,
    ],
    [{ type: 'UNSUPPORTED_SASL_MECHANISM' }, /^Kafka does not let us in: why/],
    [{ code: 'KAFKA_TLS_SPOKEN_HERE' }, /^Kafka speaks TLS at kafka:9093, and we do not: set KAFKA_TLS=true$/],
    [
      { code: 'SELF_SIGNED_CERT_IN_CHAIN' },
      /at kafka:9093 is not trusted \(SELF_SIGNED_CERT_IN_CHAIN\): .*KAFKA_TLS_CA_FILE$/,
    ],
    [{ code: 'CERT_HAS_EXPIRED' }, /is not valid now \(CERT_HAS_EXPIRED\)/],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, /is for another name/],
    [{ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' }, /does it want a certificate of ours/],
  ])('is told with its cure: %j', (fields, words) => {
    const fault = Object.assign(new Error('why'), { broker: 'kafka:9093', ...fields })
    expect(refusalOf(new Error('retries', { cause: fault }))?.message).toMatch(words)
  })

  it('is nothing else', () => {
    expect(refusalOf(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))).toBeUndefined()
    expect(refusalOf(Object.assign(new Error('x'), { type: 'ILLEGAL_SASL_STATE' }))).toBeUndefined()
    expect(refusalOf(Object.assign(new Error('x'), { type: 'LEADER_NOT_AVAILABLE' }))).toBeUndefined()
    expect(refusalOf('gone')).toBeUndefined()
  })
})
