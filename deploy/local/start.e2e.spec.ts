// The README's command in a checkout that was never built; then the same home on Kafka, as docs/operate/move-to-kafka.md has it.
import { describeKafka } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Api } from '../drive/api.ts'
import { cleanCheckout } from '../drive/clean-checkout.ts'
import { NpmStart } from '../drive/npm-start.ts'
import { isIdle } from '../drive/operations.ts'
import { temporaryHome } from '../drive/temporary-home.ts'
import { until } from '../drive/wait.ts'
import { addressesOf, portsFrom } from './ports.ts'
import { Secrets, services } from './secrets.ts'

const PORT_BASE = 22_000
/** Promised of `npm start`, the first build included. */
const SERVES_WITHIN_MS = 60_000
const STOPPED_WITHIN_MS = 25_000
const HANDLED_WITHIN_MS = 30_000

const folder = temporaryHome('start')
const checkout = join(folder.path, 'checkout')
const home = join(folder.path, 'home')
const environment = { BANSO_HOME: home, BANSO_PORT_BASE: String(PORT_BASE) }
const running: NpmStart[] = []
const start = (words: readonly string[] = [], inCheckout: string | undefined = checkout): NpmStart => {
  const system = new NpmStart(environment, words, inCheckout)
  running.push(system)
  return system
}

const interrupt = async (system: NpmStart): Promise<number> => {
  const began = Date.now()
  expect(await system.stop()).toBe(0)
  return Date.now() - began
}

/** As pasted into a shell; the id of the message. */
const paste = async (line: string): Promise<string> => {
  const { stdout } = await promisify(execFile)('bash', ['-c', line])
  const { success, results } = JSON.parse(stdout) as { success: boolean; results: readonly { messageId: string }[] }
  expect({ success, taken: results.length }).toEqual({ success: true, taken: 1 })
  return results[0]?.messageId ?? ''
}

const banso = (...words: readonly string[]): Promise<{ code: number; out: string }> =>
  new Promise((done) => {
    const command = [join(checkout, 'services/cli/bin/banso.js'), '--home', home, ...words]
    execFile(process.execPath, command, { env: {} }, (fault, out, err) =>
      done({ code: fault ? Number(fault.code) : 0, out: out + err }),
    )
  })

const api = (): Api => new Api({ addresses: addressesOf(portsFrom(PORT_BASE)), secrets: new Secrets(home) })

const day = (fromToday: number): string => new Date(Date.now() + fromToday * 86_400_000).toISOString().slice(0, 10)
/** What health has counted of the account that the first message was about. */
const counted = async (): Promise<number> => {
  const receipt = `/v1/sources/development/receipts/${encodeURIComponent(messageId)}`
  const { accountId } = await api().get<{ accountId: string }>('ingestion', receipt)
  const path = `/v1/accounts/${accountId}/usage?from=${day(-1)}&to=${day(1)}`
  return (await api().all<{ count: number }>('health', path)).reduce((sum, { count }) => sum + count, 0)
}
const countedAndHandled = (count: number): Promise<true> =>
  until(`${count} counted`, HANDLED_WITHIN_MS, async () =>
    (await counted()) === count && (await isIdle(api(), services)) ? true : undefined,
  )

/** What is said of a service whose groups are stopped. */
const waits = (service: string): RegExp =>
  new RegExp(`^${service} +waits for your word: .*of another log.*npx banso resume ${service} --at`, 'm')

let curl = ''
let messageId = ''

afterAll(async () => {
  for (const system of running) await system.stop()
  folder.remove()
}, 60_000)

describe('npm start', () => {
  beforeAll(() => cleanCheckout(checkout))

  it('builds, serves, prints a curl line that works, refuses a second one beside it, and stops', async () => {
    const began = Date.now()
    const first = start()
    curl = await first.curl(SERVES_WITHIN_MS)
    process.stderr.write(`npm start, first build included, served after ${(Date.now() - began) / 1000} s\n`)
    for (const service of services)
      expect(first.output).toMatch(new RegExp(`^${service} +ready on http://127\\.0\\.0\\.1:22\\d{3}$`, 'm'))
    expect(first.output).toMatch(/^blueprints \d+ of deploy\/blueprints\/starter in force$/m)
    messageId = await paste(curl)
    await countedAndHandled(1)

    const beside = start([], undefined)
    expect(await beside.ended()).toBe(1)
    expect(beside.output).toMatch(/port 22001 \(capture\) is taken/)

    expect(await interrupt(first)).toBeLessThan(STOPPED_WITHIN_MS)
  }, 180_000)
})

describeKafka('npm start -- --kafka, on a home of the embedded log', () => {
  let moved: NpmStart
  beforeAll(async () => {
    moved = start(['--kafka'])
    await moved.curl()
  }, 120_000)

  it('keeps data and keys, takes events, and says which services wait for a word, and how it is given', async () => {
    expect(await moved.curl()).toBe(curl)
    expect(moved.output).not.toMatch(/^blueprints /m)
    expect(await counted()).toBe(1)
    await paste(curl)
    for (const service of services) expect(moved.output).toMatch(waits(service))
    const { code, out } = await banso('status')
    expect(code).toBe(5)
    expect(out).toMatch(/ingestion: ingestion-sorter stopped: .*of another log/)
  })

  it('goes on where the log begins, counts nothing twice and loses nothing, and the doctor finds all well', async () => {
    for (const service of services) {
      const { code, out } = await banso('resume', service, '--at', 'start')
      expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^resumed at start: /) })
    }
    await countedAndHandled(2)
    await until('every service ready', HANDLED_WITHIN_MS, async () => (await banso('status')).code === 0 || undefined)
    const { code, out } = await banso('--json', 'doctor')
    expect({ code, out: JSON.parse(out) as unknown }).toEqual({
      code: 0,
      out: { findings: [], notChecked: ['the disks and the clocks of the brokers: Kafka does not tell them'] },
    })
  }, 120_000)

  it('refuses a rebuild, which would lose what only the old log held', async () => {
    const { code, out } = await banso('rebuild', 'health', '--yes')
    expect(code).toBe(1)
    expect(out).toMatch(/REBUILD_LOSES_HISTORY.*--lose-history/s)
    expect(await counted()).toBe(2)
    expect(await interrupt(moved)).toBeLessThan(STOPPED_WITHIN_MS)
  }, 60_000)
})
