// The system by docker-compose.yml as a project of its own, for drivers: secrets, ports and volumes of its own, which go with it.
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Listeners, mailSettings, type Place, setStageAt, type Stage, type StagedSystem } from '../drive/stage.ts'
import type { Surroundings } from '../drive/stage.ts'
import { addressesOf, type Ports, portsFrom } from '../local/ports.ts'
import { services } from '../local/secrets.ts'

export interface ComposedSystem extends StagedSystem {
  /** `docker compose …` on this project; its standard output. */
  readonly compose: (...words: readonly string[]) => Promise<string>
}

export interface ComposedOptions extends Listeners {
  readonly purpose: string
  readonly portBase: number
  readonly say: (line: string) => void
}

const root = join(import.meta.dirname, '../..')
/** Docker's name for the machine that containers run on; `extra_hosts` makes it known. */
const HOST_NAME = 'host.docker.internal'
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024

/** A command's standard output; an error that ends with what it said when it fails. */
export const docker = async (words: readonly string[], signal?: AbortSignal): Promise<string> => {
  try {
    const options = { cwd: root, maxBuffer: MOST_OUTPUT_BYTES, ...(signal && { signal }) }
    const { stdout } = await promisify(execFile)('docker', words, options)
    return stdout.trim()
  } catch (fault) {
    const said = fault instanceof Error && 'stderr' in fault ? String(fault.stderr).trim().slice(-2000) : ''
    throw new Error(`docker ${words.join(' ')} failed: ${said || String(fault)}`, { cause: fault })
  }
}

const inside = portsFrom(4000)

/** What differs from docker-compose.yml: ports of this machine, secrets of this home, webhooks and mails to this machine. */
const overrideOf = (ports: Ports, secretsFolder: string, names: readonly string[], { inbox }: Surroundings): string => {
  const published = (name: keyof Ports) => `127.0.0.1:${ports[name]}:${inside[name]}`
  const portsOf = services.map((service) => {
    const all = service === 'ingestion' ? [published('capture'), published(service)] : [published(service)]
    return `  ${service}:\n    ports: !override ${JSON.stringify(all)}\n`
  })
  const environment = { BANSO_ENV: 'development', BANSO_ALLOW_PRIVATE_TARGETS: 'true', ...mailSettings(inbox) }
  return [
    'services:\n',
    ...portsOf, // playbooks comes last, and goes on here
    `    environment: ${JSON.stringify(environment)}\n`,
    `    extra_hosts: ${JSON.stringify([`${HOST_NAME}:host-gateway`])}\n`,
    'secrets:\n',
    ...names.map((name) => `  ${name}: ${JSON.stringify({ file: join(secretsFolder, name) })}\n`),
  ].join('')
}

/** Where the secrets of a project are, whose home this is. */
export const secretsOf = (home: string): string => join(home, 'secrets')

/** Makes what is missing; the names of what was made. */
export const makeSecrets = async (folder: string): Promise<string[]> => {
  const script = join(import.meta.dirname, 'make-secrets.sh')
  const { stdout } = await promisify(execFile)('sh', [script, folder])
  return [...stdout.matchAll(/\/(\w+)$/gm)].map(([, name = '']) => name)
}

const startComposed = async (options: ComposedOptions, surroundings: Surroundings): Promise<ComposedSystem> => {
  const { home, signal } = surroundings
  const secretsFolder = secretsOf(home)
  const ports = portsFrom(options.portBase)
  const override = join(home, 'docker-compose.override.yml')
  const names = await makeSecrets(secretsFolder)
  writeFileSync(override, overrideOf(ports, secretsFolder, names, surroundings))
  const project = `banso-${options.purpose}-${process.pid}`
  const files = ['-f', join(root, 'docker-compose.yml'), '-f', override]
  const words = ['compose', '--progress', 'quiet', '-p', project, ...files]
  const stop = async (): Promise<void> => {
    writeFileSync(
      join(home, 'compose.log'),
      await docker([...words, 'logs', '--no-color', '--timestamps']).catch(String),
    )
    await docker([...words, 'down', '--volumes'])
  }
  try {
    const began = Date.now()
    await docker([...words, 'up', '--detach', '--build', '--wait'], signal)
    options.say(`compose project ${project} is up and healthy after ${Math.round((Date.now() - began) / 1000)} s`)
  } catch (fault) {
    options.say(await docker([...words, 'ps', '--all']).catch(String))
    await stop()
    throw fault
  }
  return {
    addresses: addressesOf(ports),
    secrets: { get: (name) => readFileSync(join(secretsFolder, name), 'utf8').trim() },
    compose: (...more) => docker([...words, ...more]),
    stop,
  }
}

const composedPlace = (options: ComposedOptions): Place<ComposedSystem> => ({
  ...options,
  host: { listen: '0.0.0.0', reachedAs: HOST_NAME },
  start: (surroundings) => startComposed(options, surroundings),
})

/** A stage whose system runs in containers. */
export const setComposedStage = (options: ComposedOptions): Promise<Stage<ComposedSystem>> =>
  setStageAt(composedPlace(options))
