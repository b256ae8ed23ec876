import { afterAll, describe, expect, it } from '@jest/globals'
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryHome } from '../drive/temporary-home.ts'
import { until } from '../drive/wait.ts'
import { addressesOf, portsFrom } from './ports.ts'
import { restartServices } from './restart-services.ts'
import { Supervisor } from './supervise.ts'

const home = temporaryHome('supervise')
const lines: string[] = []
const supervisor = new Supervisor((line) => lines.push(line))

const serviceThat = (name: string, program: string) => {
  const directory = join(home.path, name)
  mkdirSync(join(directory, 'dist'), { recursive: true })
  writeFileSync(join(directory, 'dist/main.js'), program)
  return { kind: 'service', directory, env: {}, log: join(home.path, `${name}.log`) } as const
}

const store = (name: string) => ({
  kind: 'store' as const,
  command: process.execPath,
  args: ['-e', 'setInterval(() => {}, 1000)'],
  cwd: home.path,
  log: join(home.path, `${name}.log`),
  stopSignal: 'SIGTERM' as const,
})

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A process that we started, and has not ended, by what its command says. */
const childOf = (word: string): number | undefined =>
  execFileSync('ps', ['-o', 'pid=,ppid=,stat=,args=', '-A'], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, parent, state = '', ...args]) =>
        Number(parent) === process.pid && !state.startsWith('Z') && args.join(' ').includes(word),
    )
    .map(([pid]) => Number(pid))
    .at(0)

const parentOf = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }))

/** A program that says when it listens, and does this when it is told to stop. */
const onTerm = (end: string): string =>
  `process.on('SIGTERM', () => { ${end} }); console.log('listening'); setInterval(() => {}, 1000)`
const saysIn = (log: string, words: string): boolean => existsSync(log) && readFileSync(log, 'utf8').includes(words)
const pidOf = (name: string) => until(`a process of ${name}`, 5000, async () => supervisor.pid(name))

const never = new AbortController().signal
/** Nobody answers at these addresses. */
const system = { supervisor, addresses: addressesOf(portsFrom(1)) }

describe('the supervisor', () => {
  afterAll(async () => {
    for (const name of ['steady', 'store', 'orphan', 'homeless', 'paused', 'deaf']) await supervisor.stop(name, 1000)
    supervisor.close()
    home.remove()
  })

  it('starts a killed service again and says so', async () => {
    supervisor.start('steady', serviceThat('steady', 'setInterval(() => {}, 1000)'))
    const before = await pidOf('steady')
    process.kill(before, 'SIGKILL')
    await until('another process', 5000, async () => (supervisor.pid('steady') === before ? undefined : true))
    expect(supervisor.restarts('steady')).toBe(1)
    expect(lines.join('\n')).toMatch(/steady died \(SIGKILL\); starting it again in 250 ms/)
  })

  it('passes on what a service warns of, once however often it starts', async () => {
    const warns = `process.send({ warning: 'X_PROT is not a setting' }, () => process.exit(1))`
    supervisor.start('warns', serviceThat('warns', warns))
    await expect(supervisor.died('warns', 2)).rejects.toThrow('warns ended')
    await supervisor.stop('warns', 1000)
    expect(lines.filter((line) => line === 'warns: X_PROT is not a setting')).toHaveLength(1)
  })

  it('does not start again what refuses to start, and tells why', async () => {
    const refuses = `process.send({ fault: 'HEALTH_PORT must be an integer' }, () => process.exit(78))`
    supervisor.start('refuses', serviceThat('refuses', refuses))
    await expect(supervisor.died('refuses', 3)).rejects.toThrow(
      `refuses cannot start: HEALTH_PORT must be an integer\nIts log: ${join(home.path, 'refuses.log')}`,
    )
    expect(supervisor.restarts('refuses')).toBe(0)
    expect(lines.join('\n')).toContain('refuses cannot start like this, and is not started again')
  })

  it('tells why a service ended while starting, and starts it again', async () => {
    const ends = `process.send({ fault: 'connect ECONNREFUSED' }, () => process.exit(1))`
    supervisor.start('ends', serviceThat('ends', ends))
    await expect(supervisor.died('ends', 2)).rejects.toThrow('ends ended while starting: connect ECONNREFUSED\n')
    await supervisor.stop('ends', 1000)
    expect(supervisor.restarts('ends')).toBeGreaterThan(0)
  })

  it('lets traces of a service name its sources', async () => {
    const map = { version: 3, sources: ['../src/main.ts'], names: [], mappings: 'AAAA' }
    const encoded = Buffer.from(JSON.stringify(map)).toString('base64')
    const throws = `throw new Error('lost')\n//# sourceMappingURL=data:application/json;base64,${encoded}`
    const command = serviceThat('throws', throws)
    supervisor.start('throws', command)
    const source = join(command.directory, 'src/main.ts:1')
    await expect(supervisor.died('throws')).rejects.toThrow(source)
    await supervisor.stop('throws', 1000)
  })

  it('starts a killed store again, and stops store and keeper together', async () => {
    supervisor.start('store', store('store'))
    const before = await pidOf('store')
    process.kill(before, 'SIGKILL')
    const after = await until('another store', 5000, async () => {
      const pid = supervisor.pid('store')
      return pid !== undefined && pid !== before && alive(pid) ? pid : undefined
    })
    await supervisor.stop('store', 5000)
    expect(alive(after)).toBe(false)
  })

  it('stops the store of a keeper that was killed, before the next keeper starts its own', async () => {
    supervisor.start('orphan', store('orphan'))
    const before = await pidOf('orphan')
    process.kill(parentOf(before), 'SIGKILL')
    await until('the orphan to be gone', 5000, async () => !alive(before) || undefined)
    const after = await until('another store', 5000, async () => supervisor.pid('orphan'))
    expect(after).not.toBe(before)
    expect(alive(after)).toBe(true)
  })

  it('takes a process that cannot be made for one that died', async () => {
    const service = { ...serviceThat('homeless', ''), directory: join(home.path, 'nowhere') }
    supervisor.start('homeless', service)
    await until(
      'a word of it',
      5000,
      async () => /homeless died \(spawn .*ENOENT\)/.test(lines.join('\n')) || undefined,
    )
    mkdirSync(join(service.directory, 'dist'), { recursive: true })
    writeFileSync(join(service.directory, 'dist/main.js'), 'setInterval(() => {}, 1000)')
    expect(await pidOf('homeless')).toBeGreaterThan(0)
  })

  it('leaves no store behind when the launcher goes while the keeper is starting', async () => {
    const options = { execArgv: [], detached: true } // a process group of its own, to be asked for
    const keeper = fork(join(import.meta.dirname, 'keeper.ts'), [JSON.stringify(store('left'))], options)
    keeper.disconnect()
    await once(keeper, 'exit')
    expect(alive(-(keeper.pid ?? Number.NaN))).toBe(false)
  })

  it('starts again what was stopped, and nothing that was not', async () => {
    supervisor.start('paused', serviceThat('paused', 'setInterval(() => {}, 1000)'))
    const before = await pidOf('paused')
    expect(() => supervisor.startAgain('paused')).toThrow('paused was not stopped')
    await supervisor.stop('paused', 5000)
    supervisor.startAgain('paused')
    expect(await pidOf('paused')).not.toBe(before)
  })

  it('starts again in a process that stands by, which runs what is built by then in the environment of then', async () => {
    const command = serviceThat('edited', onTerm('process.exit(0)'))
    const says = (words: string) => async () => saysIn(command.log, words) || undefined
    supervisor.start('edited', command)
    await until('the service to listen', 5000, says('listening'))
    supervisor.standBy('edited')
    const early = await until('a process that stands by', 5000, async () => childOf('standby.mjs'))
    const edited = `console.log('edited in', process.argv[1], process.env.PLACE); ${onTerm('process.exit(0)')}`
    serviceThat('edited', edited)
    await supervisor.stop('edited', 5000)
    supervisor.startAgain('edited', { PLACE: 'elsewhere' })
    await until('one that is started anew', 5000, says('edited/dist/main.js elsewhere'))
    await until('the end of what stood by', 5000, async () => !alive(early) || undefined)
    serviceThat('edited', edited.replace('edited', 'edited twice'))
    await supervisor.stop('edited', 5000)
    supervisor.startAgain('edited')
    await until('the new one', 20_000, says('edited twice in'))
    expect(readFileSync(command.log, 'utf8')).toMatch(/twice in .*local\/standby.mjs elsewhere/)
    expect(parentOf(await pidOf('edited'))).toBe(process.pid)
    await supervisor.stop('edited', 5000)
  }, 30_000)

  it('waits for no service that ends while it starts again after an edit, and says why each did', async () => {
    const broken = ['health', 'journeys'] as const
    for (const name of broken) {
      const command = serviceThat(name, onTerm('process.exit(0)'))
      supervisor.start(name, command)
      await until('the service to listen', 5000, async () => saysIn(command.log, 'listening') || undefined)
      serviceThat(name, `throw new Error('${name} cannot be imported')`)
    }
    await expect(restartServices(system, broken, { stopping: never, newer: never })).rejects.toThrow(
      /health cannot be imported[^]*journeys cannot be imported/,
    )
    for (const name of broken) await supervisor.stop(name, 5000)
  }, 20_000)

  it('waits no longer for a service that does not become ready, once something newer was built', async () => {
    const command = serviceThat('accounts', onTerm('process.exit(0)'))
    supervisor.start('accounts', command)
    const before = await pidOf('accounts')
    await until('the service to listen', 5000, async () => saysIn(command.log, 'listening') || undefined)
    const newer = new AbortController()
    const restarted = restartServices(system, ['accounts'], { stopping: never, newer: newer.signal })
    await until('another process', 5000, async () => supervisor.pid('accounts') !== before || undefined)
    newer.abort()
    expect(await restarted).toBe(false)
    expect(alive(await pidOf('accounts'))).toBe(true)
    await supervisor.stop('accounts', 5000)
  })

  it('starts nothing any more once closed, and ends what stands by', async () => {
    const closed = new Supervisor(() => {})
    closed.start('brief', serviceThat('brief', 'setInterval(() => {}, 1000)'))
    closed.standBy('brief')
    const standby = await until('a process that stands by', 5000, async () => childOf('standby.mjs'))
    closed.close()
    closed.standBy('brief')
    await until('its end', 5000, async () => !alive(standby) || undefined)
    await closed.stop('brief', 1000)
    expect(() => closed.start('late', serviceThat('late', ''))).toThrow('late is not started')
    expect(closed.pid('late')).toBeUndefined()
  })

  it('kills what does not stop in time', async () => {
    supervisor.start('deaf', serviceThat('deaf', onTerm('')))
    const pid = await pidOf('deaf')
    const log = join(home.path, 'deaf.log')
    await until('the service to listen', 5000, async () => saysIn(log, 'listening') || undefined)
    await supervisor.stop('deaf', 500)
    expect(alive(pid)).toBe(false)
    expect(lines).toContain(`deaf did not stop within 0.5 s and is killed. The end of its log, ${log}:\nlistening`)
  })

  it('tells what a service said that cut itself off while stopping, and nothing of one that stopped well', async () => {
    supervisor.start('stuck', serviceThat('stuck', onTerm(`console.log('unfinished: the relay'); process.exit(1)`)))
    supervisor.start('calm', serviceThat('calm', onTerm('process.exit(0)')))
    const log = join(home.path, 'stuck.log')
    for (const file of [log, join(home.path, 'calm.log')])
      await until('the service to listen', 5000, async () => saysIn(file, 'listening') || undefined)
    lines.length = 0
    await Promise.all(['stuck', 'calm'].map((name) => supervisor.stop(name, 5000)))
    expect(lines).toEqual([
      `stuck stopped with exit code 1. The end of its log, ${log}:\nlistening\nunfinished: the relay`,
    ])
  })

  it('watches no longer for deaths of what is stopped', async () => {
    supervisor.start('watched', serviceThat('watched', 'setInterval(() => {}, 1000)'))
    const death = supervisor.died('watched', 3).catch((fault: unknown) => fault)
    await pidOf('watched')
    await supervisor.stop('watched', 5000)
    expect(await death).toEqual(new Error('watched was stopped'))
  })
})
