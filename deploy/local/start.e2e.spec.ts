import { afterAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { NpmStart } from '../drive/npm-start.ts'
import { temporaryHome } from '../drive/temporary-home.ts'

const home = temporaryHome('start')
const environment = { BANSO_HOME: home.path, BANSO_PORT_BASE: '29000' }
const STOPPED_WITHIN_MS = 25_000

const interrupt = async (system: NpmStart): Promise<number> => {
  const began = Date.now()
  expect(await system.stop()).toBe(0)
  return Date.now() - began
}

describe('npm start', () => {
  const running: NpmStart[] = []
  const start = (): NpmStart => {
    const system = new NpmStart(environment)
    running.push(system)
    return system
  }
  afterAll(async () => {
    for (const system of running) await system.stop()
    home.remove()
  })

  it('serves, prints a curl line that works, refuses a second one beside it, stops, and keeps its data', async () => {
    const first = start()
    const curl = await first.curl()
    for (const service of ['ingestion', 'accounts', 'health', 'journeys', 'playbooks'])
      expect(first.output).toMatch(new RegExp(`^${service} +ready on http://127\\.0\\.0\\.1:29\\d{3}$`, 'm'))
    expect(first.output).toMatch(/^blueprints \d+ of deploy\/blueprints\/starter in force$/m)
    const { stdout } = await promisify(execFile)('bash', ['-c', curl])
    expect(JSON.parse(stdout)).toMatchObject({ success: true })

    const beside = start()
    expect(await beside.ended()).toBe(1)
    expect(beside.output).toMatch(/port 29001 \(capture\) is taken/)

    expect(await interrupt(first)).toBeLessThan(STOPPED_WITHIN_MS)

    const second = start()
    expect(await second.curl()).toBe(curl)
    expect(second.output).not.toContain('blueprints')
    expect(await interrupt(second)).toBeLessThan(STOPPED_WITHIN_MS)
  }, 180_000)
})
