import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { environment, loadSettings, userOf } from './config.ts'

describe('the user', () => {
  it('is the one of the environment, else the one whose process it is', () => {
    expect(userOf(environment({ USER: 'mika' }))).toBe('mika')
    expect(userOf(environment({ LOGNAME: 'taro' }))).toBe('taro')
    expect(userOf(environment({}))).toBe(userInfo().username)
  })
})

describe('the settings', () => {
  let root: string
  let deep: string
  let home: string

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'banso-cli-'))
    home = join(root, '.banso')
    deep = join(root, 'a/b')
    mkdirSync(deep, { recursive: true })
    mkdirSync(home)
    const secrets = '# made on first start\n\nBANSO_SERVICE_TOKEN_INGESTION=abc=\nBANSO_MASTER_KEY=never-shown\n'
    writeFileSync(join(home, 'secrets'), secrets)
    writeFileSync(
      join(home, 'addresses.json'),
      JSON.stringify({ ingestion: 'http://127.0.0.1:4011/', capture: 'http://127.0.0.1:4001', other: 7 }),
    )
  })
  afterAll(() => rmSync(root, { recursive: true }))

  it('are found in a folder above', () => {
    const { home: found, urls, tokens } = loadSettings({}, deep)
    expect(found).toBe(home)
    expect([...urls]).toEqual([
      ['capture', 'http://127.0.0.1:4001'],
      ['ingestion', 'http://127.0.0.1:4011'],
    ])
    expect([...tokens]).toEqual([['ingestion', 'abc=']])
  })

  it('are read from the folder named, by option before BANSO_HOME', () => {
    expect(loadSettings({ BANSO_HOME: '/nowhere' }, tmpdir(), home).home).toBe(home)
    expect(loadSettings({ BANSO_HOME: home }, tmpdir()).home).toBe(home)
  })

  it('give way to the environment', () => {
    const env = {
      BANSO_INGESTION_URL: 'https://ingestion.example',
      BANSO_SERVICE_TOKEN_INGESTION: 'mine',
      BANSO_HEALTH_URL: 'http://127.0.0.1:9',
      BANSO_SERVICE_TOKEN_HEALTH: '',
    }
    const { urls, tokens } = loadSettings(env, deep)
    expect(urls.get('ingestion')).toBe('https://ingestion.example')
    expect(urls.get('health')).toBe('http://127.0.0.1:9')
    expect(Object.fromEntries(tokens)).toEqual({ ingestion: 'mine' })
  })

  it('have tokens that the environment names files for', () => {
    const file = join(root, 'token')
    writeFileSync(file, 'mounted\n')
    const env = { BANSO_SERVICE_TOKEN_INGESTION_FILE: file, BANSO_SERVICE_TOKEN_HEALTH_FILE: file }
    expect(Object.fromEntries(loadSettings({ ...env, BANSO_SERVICE_TOKEN_HEALTH: 'mine' }, deep).tokens)).toEqual({
      ingestion: 'mounted',
      health: 'mine',
    })
  })

  it('keep apart what is wrong with one service, and have the others', () => {
    const env = { BANSO_HEALTH_URL: 'file:///etc/passwd', BANSO_SERVICE_TOKEN_ACCOUNTS_FILE: join(root, 'nowhere') }
    const { urls, tokens, faults } = loadSettings(env, deep)
    expect([...urls.keys()]).toEqual(['capture', 'ingestion'])
    expect([...tokens.keys()]).toEqual(['ingestion'])
    expect([...faults].map(([name, { message }]) => [name, message])).toEqual([
      ['health', 'the address of health is not an http(s) URL: file:///etc/passwd'],
      ['accounts', `BANSO_SERVICE_TOKEN_ACCOUNTS_FILE names ${join(root, 'nowhere')}, which is not there`],
    ])
  })

  it('refuse a folder that is no installation, and a broken file', () => {
    expect(() => loadSettings({}, root, 'a')).toThrow(/holds neither secrets nor addresses/)
    const broken = join(root, 'broken')
    mkdirSync(broken)
    writeFileSync(join(broken, 'addresses.json'), '[]')
    expect(() => loadSettings({}, root, 'broken')).toThrow(/not a JSON object/)
  })

  it('are empty where there is nothing', () => {
    expect(loadSettings({}, '/')).toEqual({ home: null, urls: new Map(), tokens: new Map(), faults: new Map() })
  })
})
