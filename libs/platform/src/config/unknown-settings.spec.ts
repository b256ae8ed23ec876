import { describe, expect, it } from '@jest/globals'
import Type from 'typebox'
import { ConfigError } from './parse-config.ts'
import { PostgresUrl } from './platform-settings.ts'
import { configOf } from './service-config.ts'
import { unknownSettings } from './unknown-settings.ts'

const own = { prefix: 'PLAYBOOKS_', names: ['PLAYBOOKS_PORT', 'PLAYBOOKS_DATABASE_URL', 'BANSO_TIMEZONE'] }
const warningsOf = (env: Readonly<Record<string, string>>) => unknownSettings(env, own).map(({ warning }) => warning)

describe('names that begin like settings and are none', () => {
  it('are told with the one that was meant', () => {
    expect(warningsOf({ PLAYBOOKS_PROT: '5005', BANSO_TIMEZON: 'Asia/Tokyo', BANSO_HOEM: '/x' })).toEqual([
      'PLAYBOOKS_PROT is not a setting of Banso; did you mean PLAYBOOKS_PORT?',
      'BANSO_TIMEZON is not a setting of Banso; did you mean BANSO_TIMEZONE?',
      'BANSO_HOEM is not a setting of Banso; did you mean BANSO_HOME?',
    ])
  })

  it('are told as files, too, and without a guess where none is near', () => {
    expect(warningsOf({ PLAYBOOKS_DATABSE_URL_FILE: '/run/x', BANSO_TURBO: 'yes' })).toEqual([
      'PLAYBOOKS_DATABSE_URL_FILE is not a setting of Banso; did you mean PLAYBOOKS_DATABASE_URL_FILE?',
      'BANSO_TURBO is not a setting of Banso',
    ])
  })

  it('are not those of other parts, of other programs, of Kubernetes, or empty', () => {
    const others = { JOURNEYS_PROT: '1', PATH: '/bin', BANSO_POSTGRES_URL: 'x', BANSO_SERVICE_TOKEN_HEALTH_FILE: '/x' }
    const kubernetes = {
      PLAYBOOKS_SERVICE_HOST: '10.0.0.1',
      PLAYBOOKS_SERVICE_PORT_HTTP: '1',
      PLAYBOOKS_PORT_1_TCP: 'x',
    }
    expect(warningsOf({ ...others, ...kubernetes, BANSO_TIMEZON: '' })).toEqual([])
  })
})

const schema = Type.Object({ HEALTH_DATABASE_URL: PostgresUrl })
const misspelt = () => configOf('health', schema, { HEALTH_DATABSE_URL: 'postgres://x' })

describe('configOf', () => {
  it('tells beside the settings which names are none', () => {
    const url = 'postgres://health:pw@127.0.0.1:4032/health'
    expect(configOf('health', schema, { HEALTH_DATABASE_URL: url, HEALTH_PROTO: '1' })).toEqual({
      HEALTH_DATABASE_URL: url,
      unknownSettings: ['HEALTH_PROTO is not a setting of Banso'],
    })
  })

  it('tells beside what is missing what is misspelt', () => {
    expect(misspelt).toThrow(ConfigError)
    expect(misspelt).toThrow(
      /HEALTH_DATABASE_URL is missing\n.*HEALTH_DATABSE_URL is not a setting of Banso; did you mean HEALTH_DATABASE_URL\?$/,
    )
  })
})
