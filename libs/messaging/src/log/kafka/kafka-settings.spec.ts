import { ConfigError, type Environment, parseConfig } from '@banso/platform'
import { TestAuthority } from '@banso/testing/kafka/certificates.ts'
import { describe, expect, it } from '@jest/globals'
import Type from 'typebox'
import { kafkaSecurity, kafkaSettings, securityWarning, withKafkaRules } from './kafka-settings.ts'

const schema = withKafkaRules(Type.Object(kafkaSettings))
const parse = (env: Environment) => parseConfig(schema, env)
const faultsOf = (env: Environment): readonly string[] => {
  try {
    parse(env)
  } catch (fault) {
    if (fault instanceof ConfigError) return fault.faults
  }
  return []
}

const user = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_USERNAME: 'banso', KAFKA_PASSWORD: 'hunter2' }
const sasl = { mechanism: 'scram-sha-512', username: 'banso', password: 'hunter2' }
const authority = new TestAuthority('an authority')
const ours = authority.issue('banso')

describe('how Kafka is spoken to', () => {
  it('is in plain text as nobody, unless settings say otherwise', () => {
    expect(kafkaSecurity(parse({ KAFKA_BROKERS: 'kafka:9092' }))).toEqual({})
    expect(kafkaSecurity(parse({ KAFKA_TLS: 'true' }))).toEqual({ tls: {} })
    expect(kafkaSecurity(parse({ ...user, KAFKA_TLS: 'true', KAFKA_TLS_CA: authority.certificate }))).toEqual({
      tls: { ca: authority.certificate },
      sasl,
    })
    const mutual = { KAFKA_TLS: 'true', KAFKA_TLS_CERT: ours.certificate, KAFKA_TLS_KEY: ours.key }
    expect(kafkaSecurity(parse(mutual))).toEqual({ tls: { cert: ours.certificate, key: ours.key } })
  })

  it('is warned of where a user speaks without TLS', () => {
    expect(securityWarning(kafkaSecurity(parse(user)))).toMatch(/without TLS: every record.*set KAFKA_TLS=true$/)
    expect(securityWarning(kafkaSecurity(parse({ ...user, KAFKA_SASL_MECHANISM: 'plain' })))).toMatch(/the password/)
    expect(securityWarning(kafkaSecurity(parse({ ...user, KAFKA_TLS: 'true' })))).toBeUndefined()
    expect(securityWarning({})).toBeUndefined()
  })

  it.each([
    [
      'a mechanism without a user',
      { KAFKA_SASL_MECHANISM: 'plain' },
      /MECHANISM needs KAFKA_USERNAME and KAFKA_PASSWORD/,
    ],
    ['a user without a password', { ...user, KAFKA_PASSWORD: '' }, /MECHANISM needs KAFKA_USERNAME and KAFKA_PASSWORD/],
    ['a user without a mechanism', { ...user, KAFKA_SASL_MECHANISM: '' }, /need KAFKA_SASL_MECHANISM beside them/],
    [
      'another mechanism',
      { ...user, KAFKA_SASL_MECHANISM: 'gssapi' },
      /must be one of plain, scram-sha-256, scram-sha-512/,
    ],
    ['a certificate without its key', { KAFKA_TLS: 'true', KAFKA_TLS_CERT: ours.certificate }, /need each other/],
    ['an authority without TLS', { KAFKA_TLS_CA: authority.certificate }, /need KAFKA_TLS=true beside them/],
    [
      'the path of a certificate',
      { KAFKA_TLS: 'true', KAFKA_TLS_CA: '/ca.pem' },
      /KAFKA_TLS_CA must be a certificate in PEM/,
    ],
    [
      'a key with a password',
      { KAFKA_TLS_KEY: '-----BEGIN ENCRYPTED PRIVATE KEY-----' },
      /KAFKA_TLS_KEY must be a private key/,
    ],
    [
      'the key of another certificate',
      { KAFKA_TLS: 'true', KAFKA_TLS_CERT: ours.certificate, KAFKA_TLS_KEY: authority.issue('other').key },
      /KAFKA_TLS_KEY is not the key of/,
    ],
  ])('refuses %s', (_, env, words) => {
    const faults = faultsOf(env)
    expect(faults).toEqual([expect.stringMatching(words)])
    expect(faults.join()).not.toMatch(/hunter2|BEGIN PRIVATE/)
  })

  it('names several faults at once', () => {
    expect(faultsOf({ KAFKA_PASSWORD: 'x', KAFKA_TLS_CA: authority.certificate })).toEqual([
      expect.stringMatching(/KAFKA_SASL_MECHANISM beside them.*; .*KAFKA_TLS=true beside them/),
    ])
  })
})
