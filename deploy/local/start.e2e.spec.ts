import { afterAll, describe, expect, it } from '@jest/globals'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { temporaryHome } from '../drive/temporary-home.ts'
import { until } from '../drive/wait.ts'

const home = temporaryHome('start')
const environment = {
  ...process.env,
  BANSO_HOME: home.path,
  BANSO_PORT_BASE: '29000',
  KAFKA_BROKERS: '',
  NODE_OPTIONS: '',
}
const STARTED_WITHIN_MS = 60_000
const STOPPED_WITHIN_MS = 25_000

interface Started {
  readonly child: ChildProcess
  readonly output: () => string
}

const start = (): Started => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'start.ts')], { env: environment })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return { child, output: () => text }
}

const curlOf = ({ output }: Started) =>
  until('the curl line', STARTED_WITHIN_MS, async () => /^ {2}(curl .*)$/m.exec(output())?.[1])

const interrupt = async ({ child }: Started): Promise<number> => {
  const began = Date.now()
  child.kill('SIGINT')
  const [code] = (await once(child, 'exit')) as [number | null]
  expect(code).toBe(0)
  return Date.now() - began
}

describe('npm start', () => {
  const running: Started[] = []
  afterAll(async () => {
    for (const { child } of running)
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
    home.remove()
  })

  it('serves, prints a curl line that works, refuses a second one beside it, stops, and keeps its data', async () => {
    const first = start()
    running.push(first)
    const curl = await curlOf(first)
    for (const service of ['ingestion', 'accounts', 'health', 'journeys', 'playbooks'])
      expect(first.output()).toMatch(new RegExp(`^${service} +ready on http://127\\.0\\.0\\.1:29\\d{3}$`, 'm'))
    expect(first.output()).toMatch(/^blueprints \d+ of deploy\/blueprints\/starter in force$/m)
    const { stdout } = await promisify(execFile)('bash', ['-c', curl])
    expect(JSON.parse(stdout)).toMatchObject({ success: true })

    const beside = start()
    running.push(beside)
    const [code] = (await once(beside.child, 'exit')) as [number | null]
    expect(code).toBe(1)
    expect(beside.output()).toMatch(/port 29001 \(capture\) is taken/)

    expect(await interrupt(first)).toBeLessThan(STOPPED_WITHIN_MS)

    const second = start()
    running.push(second)
    expect(await curlOf(second)).toBe(curl)
    expect(second.output()).not.toContain('blueprints')
    expect(await interrupt(second)).toBeLessThan(STOPPED_WITHIN_MS)
  }, 180_000)
})
