// `npm start [-- --kafka]`: the whole system on this machine, until Ctrl-C. `--watch` (`npm run dev`): what is edited is built
// anew, and the services that stand on it are started again.
import { join } from 'node:path'
import { firstBlueprints } from './first-blueprints.ts'
import { curlLine, firstSource } from './first-source.ts'
import { homeOf } from './home.ts'
import { portsFrom } from './ports.ts'
import { checkNode, checkSettings, PreflightError } from './preflight.ts'
import { restartServices } from './restart-services.ts'
import { services } from './secrets.ts'
import { aborted, type RunningSystem, startSystem, type SystemOptions } from './system.ts'

const root = join(import.meta.dirname, '../..')
const say = (line: string) => console.log(line)

const kafkaFrom = (wanted: boolean, brokers: string | undefined): SystemOptions['kafka'] =>
  brokers ? { kind: 'at', brokers } : { kind: wanted ? 'start' : 'none' }

const optionsFrom = (args: readonly string[], env: NodeJS.ProcessEnv): SystemOptions => {
  const unknown = args.filter((arg) => arg !== '--kafka' && arg !== '--watch')
  if (unknown.length > 0) throw new PreflightError(`unknown option ${unknown.join(' ')}; known: --kafka, --watch`)
  const base = Number(env['BANSO_PORT_BASE'] ?? 4000)
  if (!Number.isInteger(base) || base < 1024 || base > 65_000)
    throw new PreflightError(`BANSO_PORT_BASE is ${env['BANSO_PORT_BASE']}; it must be a number from 1024 to 65000`)
  const postgresUrl = env['BANSO_POSTGRES_URL']
  const postgresPrefix = env['BANSO_POSTGRES_PREFIX']
  return {
    home: homeOf(env),
    ports: portsFrom(base),
    kafka: kafkaFrom(args.includes('--kafka'), checkSettings(env).brokers),
    ...(postgresUrl && { postgresUrl }),
    ...(postgresUrl && postgresPrefix && { postgresPrefix }),
    // What V8 made of the code is kept where services start often: it costs each 10 MB.
    ...(args.includes('--watch') && { env: { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/banso-compiled') } }),
    say,
  }
}

const stopping = new AbortController()
const stop = (): void => {
  if (!stopping.signal.aborted) say('stopping …')
  stopping.abort()
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)

const greet = async (system: RunningSystem, home: string): Promise<void> => {
  await firstBlueprints(home, say)
  const writeKey = await firstSource(system)
  say(`\nBanso is running. Send it an event:\n\n  ${curlLine(system.addresses.capture, writeKey)}\n`)
  if (system.mailServer)
    say(
      `Mails go to ${system.mailServer}, where only the demo's inbox listens: set SMTP_URL and BANSO_MAIL_FROM for a real one.`,
    )
  say('Addresses and tokens: npx banso token. Stop with Ctrl-C.')
}

/** The compiler is loaded here alone: a system that is only run does without its memory. */
const restartWhatChanges = async (system: RunningSystem): Promise<() => void> => {
  const [{ buildPackage }, { watchSources }] = await Promise.all([
    import('../../tools/build.ts'),
    import('./watch-sources.ts'),
  ])
  const standBy = (): void => services.forEach((service) => system.supervisor.standBy(service))
  standBy()
  return watchSources({
    root,
    build: buildPackage,
    changed: async (directories, newer) => {
      const began = performance.now()
      const reached = services.filter((service) => directories.includes(`services/${service}`))
      const givenUp = { stopping: stopping.signal, newer }
      const ready = await restartServices(system, reached, givenUp).finally(standBy)
      if (stopping.signal.aborted) return
      const names = reached.join(', ')
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      if (names === '') say('built      no service is reached')
      else say(ready ? `ready      ${names} again after ${seconds} s` : `newer      ${names} not waited for`)
    },
    say,
  })
}

try {
  checkNode(process.version)
  const { signal } = stopping
  const options = optionsFrom(process.argv.slice(2), process.env)
  const system = await startSystem({ ...options, signal })
  const unwatch = process.argv.includes('--watch') ? await restartWhatChanges(system) : undefined
  try {
    await Promise.race([greet(system, options.home), aborted(signal)])
    await aborted(signal)
  } finally {
    unwatch?.()
    await system.stop()
  }
} catch (fault) {
  if (!stopping.signal.aborted) {
    console.error(fault instanceof Error ? fault.message : fault)
    process.exit(1)
  }
  say('stopped')
  process.exit(0)
}
