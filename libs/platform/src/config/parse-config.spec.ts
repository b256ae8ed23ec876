import { afterAll, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Type from 'typebox'
import { ConfigError, type Environment, parseConfig } from './parse-config.ts'
import { listOf, platformSettings, Port, PostgresUrl, ServiceToken } from './platform-settings.ts'

const Schema = Type.Object({
  ...platformSettings,
  HEALTH_PORT: Port(4003),
  HEALTH_DATABASE_URL: PostgresUrl,
  BANSO_SERVICE_TOKEN_HEALTH: ServiceToken,
  KAFKA_BROKERS: Type.Optional(Type.String()),
  BANSO_ALLOW_PRIVATE_TARGETS: Type.Boolean({ default: false }),
})

const valid = {
  HEALTH_DATABASE_URL: 'postgres://health:pw@127.0.0.1:4032/health',
  BANSO_SERVICE_TOKEN_HEALTH: 'a-token-that-is-long-enough',
}

const faultsOf = (env: Environment, schema = Schema): readonly string[] => {
  try {
    parseConfig(schema, env)
  } catch (fault) {
    if (fault instanceof ConfigError) return fault.faults
    throw fault
  }
  return []
}

describe('parseConfig', () => {
  it('converts texts, fills in defaults and leaves out what is not declared', () => {
    const env = { ...valid, HEALTH_PORT: '5003', BANSO_ALLOW_PRIVATE_TARGETS: 'true', HOME: '/root' }
    expect(parseConfig(Schema, env)).toEqual({
      ...valid,
      HEALTH_PORT: 5003,
      BANSO_ALLOW_PRIVATE_TARGETS: true,
      BANSO_LOG_LEVEL: 'info',
      BANSO_STOP_LIMIT_MS: 24_000,
      BANSO_API_BIND: '127.0.0.1',
      BANSO_ENV: 'production',
      BANSO_TIMEZONE: 'UTC',
      OTEL_BSP_SCHEDULE_DELAY: 5_000,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_SDK_DISABLED: false,
      OTEL_TRACES_SAMPLER: 'parentbased_always_on',
      OTEL_TRACES_SAMPLER_ARG: 1,
    })
  })

  it('takes an empty text for not set', () => {
    const config = parseConfig(Schema, { ...valid, HEALTH_PORT: '', KAFKA_BROKERS: '' })
    expect(config.HEALTH_PORT).toBe(4003)
    expect(config.KAFKA_BROKERS).toBeUndefined()
    expect(faultsOf({ ...valid, HEALTH_DATABASE_URL: '' })).toEqual(['HEALTH_DATABASE_URL is missing'])
  })

  it('names every fault at once', () => {
    const faults = faultsOf({
      HEALTH_PORT: '70000',
      BANSO_SERVICE_TOKEN_HEALTH: 'short',
      BANSO_ENV: 'staging',
      BANSO_TIMEZONE: 'Mars/Olympus',
      BANSO_ALLOW_PRIVATE_TARGETS: 'perhaps',
      BANSO_LOG_LEVEL: 'loud',
    })
    expect(faults).toEqual([
      'BANSO_LOG_LEVEL must be one of trace, debug, info, warn, error, silent',
      'BANSO_ENV must be one of development, production',
      'BANSO_TIMEZONE must be the IANA name of a time zone, as Asia/Tokyo',
      expect.stringMatching(/^HEALTH_PORT must be <= 65535/),
      'HEALTH_DATABASE_URL is missing',
      expect.stringMatching(/^BANSO_SERVICE_TOKEN_HEALTH must/),
      expect.stringMatching(/^BANSO_ALLOW_PRIVATE_TARGETS must be boolean/),
    ])
  })

  it('names more faults than TypeBox gathers by itself', () => {
    const names = Array.from({ length: 30 }, (_, index) => `NUMBER_${index}`)
    const schema = Type.Object(Object.fromEntries(names.map((name) => [name, Type.Integer()])))
    const env = Object.fromEntries(names.map((name) => [name, 'x']))
    expect(() => parseConfig(schema, env)).toThrow(/NUMBER_29/)
  })

  it('says of a text with a form what the form is, not its pattern', () => {
    expect(faultsOf({ ...valid, HEALTH_DATABASE_URL: 'localhost:5432' })).toEqual([
      'HEALTH_DATABASE_URL must be postgres://user:password@host:port/database',
    ])
  })

  it('shows no value: it may be a secret', () => {
    const faults = faultsOf({ HEALTH_DATABASE_URL: 'mysql://root:hunter2@db', BANSO_SERVICE_TOKEN_HEALTH: 's3cret' })
    expect(faults).toHaveLength(2)
    expect(faults.join()).not.toMatch(/hunter2|s3cret/)
  })

  it('checks what the settings say of each other', () => {
    const schema = Type.Refine(
      Type.Object({
        KAFKA_BROKERS: Type.Optional(Type.String()),
        BANSO_LOG_DATABASE_URL: Type.Optional(Type.String()),
      }),
      (settings) => Boolean(settings.KAFKA_BROKERS ?? settings.BANSO_LOG_DATABASE_URL),
      () => 'KAFKA_BROKERS or BANSO_LOG_DATABASE_URL is needed',
    )
    expect(() => parseConfig(schema, {})).toThrow('KAFKA_BROKERS or BANSO_LOG_DATABASE_URL is needed')
  })
})

describe('a setting in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'banso-settings-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const url = { HEALTH_DATABASE_URL: valid.HEALTH_DATABASE_URL }

  it('is read without the line end that editors leave', () => {
    const config = parseConfig(Schema, {
      ...url,
      BANSO_SERVICE_TOKEN_HEALTH_FILE: file('token', 'a-token-from-a-file\n'),
      HEALTH_PORT_FILE: file('port', '5003'),
    })
    expect(config).toMatchObject({ BANSO_SERVICE_TOKEN_HEALTH: 'a-token-from-a-file', HEALTH_PORT: 5003 })
  })

  it('is not taken for another: of two, neither is chosen', () => {
    const env = { ...valid, BANSO_SERVICE_TOKEN_HEALTH_FILE: file('second', 'another-token-of-length') }
    expect(faultsOf(env)).toEqual(['BANSO_SERVICE_TOKEN_HEALTH and BANSO_SERVICE_TOKEN_HEALTH_FILE are both set'])
  })

  it('is told by name and path where it cannot be read, is empty or malformed, never by what it holds', () => {
    const missing = join(folder, 'nowhere')
    const empty = file('empty', '\n')
    expect(faultsOf({ HEALTH_DATABASE_URL_FILE: missing, BANSO_SERVICE_TOKEN_HEALTH_FILE: empty })).toEqual([
      `HEALTH_DATABASE_URL_FILE names ${missing}, which cannot be read: ENOENT`,
      `BANSO_SERVICE_TOKEN_HEALTH_FILE names an empty file, ${empty}`,
    ])
    const malformed = faultsOf({ ...url, BANSO_SERVICE_TOKEN_HEALTH_FILE: file('short', 's3cret') })
    expect(malformed).toEqual([expect.stringMatching(/^BANSO_SERVICE_TOKEN_HEALTH must/)])
    expect(malformed.join()).not.toMatch('s3cret')
  })

  it('counts as not named where the text is empty', () => {
    expect(parseConfig(Schema, { ...valid, KAFKA_BROKERS_FILE: '' }).KAFKA_BROKERS).toBeUndefined()
  })
})

describe('listOf', () => {
  it('splits at commas', () => {
    expect(listOf('a:9092, b:9092,')).toEqual(['a:9092', 'b:9092'])
    expect(listOf(undefined)).toEqual([])
  })
})
