// `npm start [-- --kafka]`: the whole system on this machine, until Ctrl-C.
import { join, resolve } from 'node:path'
import { firstBlueprints } from './first-blueprints.ts'
import { curlLine, firstSource } from './first-source.ts'
import { portsFrom } from './ports.ts'
import { checkNode, PreflightError } from './preflight.ts'
import { aborted, type RunningSystem, startSystem, type SystemOptions } from './system.ts'

const say = (line: string) => console.log(line)

const kafkaFrom = (wanted: boolean, brokers: string | undefined): SystemOptions['kafka'] =>
  brokers ? { kind: 'at', brokers } : { kind: wanted ? 'start' : 'none' }

const optionsFrom = (args: readonly string[], env: NodeJS.ProcessEnv): SystemOptions => {
  const unknown = args.filter((arg) => arg !== '--kafka')
  if (unknown.length > 0) throw new PreflightError(`unknown option ${unknown.join(' ')}; known: --kafka`)
  const base = Number(env['BANSO_PORT_BASE'] ?? 4000)
  if (!Number.isInteger(base) || base < 1024 || base > 65_000)
    throw new PreflightError(`BANSO_PORT_BASE is ${env['BANSO_PORT_BASE']}; it must be a number from 1024 to 65000`)
  const postgresUrl = env['BANSO_POSTGRES_URL']
  return {
    home: resolve(env['BANSO_HOME'] ?? join(import.meta.dirname, '../../.banso')),
    ports: portsFrom(base),
    kafka: kafkaFrom(args.includes('--kafka'), env['KAFKA_BROKERS']),
    ...(postgresUrl && { postgresUrl }),
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
  say('Addresses and tokens: npx banso token. Stop with Ctrl-C.')
}

try {
  checkNode(process.version)
  const { signal } = stopping
  const options = optionsFrom(process.argv.slice(2), process.env)
  const system = await startSystem({ ...options, signal })
  try {
    await Promise.race([greet(system, options.home), aborted(signal)])
    await aborted(signal)
  } finally {
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
