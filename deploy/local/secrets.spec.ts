import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryHome } from '../drive/temporary-home.ts'
import { Secrets } from './secrets.ts'

describe('secrets', () => {
  let home: ReturnType<typeof temporaryHome>
  beforeEach(() => {
    home = temporaryHome('secrets')
  })
  afterEach(() => home.remove())

  it('are made once, readable by the owner alone, and kept', () => {
    const first = new Secrets(home.path)
    expect(Buffer.from(first.get('BANSO_MASTER_KEY'), 'base64')).toHaveLength(32)
    expect(statSync(join(home.path, 'secrets')).mode & 0o777).toBe(0o600)
    first.set('BANSO_DEVELOPMENT_WRITE_KEY', 'a=b')

    const second = new Secrets(home.path)
    expect(second.get('BANSO_SERVICE_TOKEN_HEALTH')).toBe(first.get('BANSO_SERVICE_TOKEN_HEALTH'))
    expect(second.get('BANSO_DEVELOPMENT_WRITE_KEY')).toBe('a=b')
    expect(second.find('BANSO_NOTHING')).toBeUndefined()
    expect(() => second.get('BANSO_NOTHING')).toThrow('has no BANSO_NOTHING')
    expect(readFileSync(join(home.path, 'secrets'), 'utf8')).toContain('BANSO_DEVELOPMENT_WRITE_KEY=a=b\n')
  })

  it('of an older release gain those of the services that came since', () => {
    const old = new Secrets(home.path)
    const path = join(home.path, 'secrets')
    const lines = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, lines.filter((line) => !line.includes('JOURNEYS')).join('\n'))

    const now = new Secrets(home.path)
    expect(now.get('BANSO_MASTER_KEY')).toBe(old.get('BANSO_MASTER_KEY'))
    expect(now.get('BANSO_SERVICE_TOKEN_JOURNEYS')).toHaveLength(32)
    expect(now.get('BANSO_DATABASE_PASSWORD_JOURNEYS')).toHaveLength(32)
    expect(new Secrets(home.path).get('BANSO_SERVICE_TOKEN_JOURNEYS')).toBe(now.get('BANSO_SERVICE_TOKEN_JOURNEYS'))
  })
})
