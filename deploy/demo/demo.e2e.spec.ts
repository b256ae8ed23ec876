import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { temporaryHome } from '../drive/temporary-home.ts'
import { portsFrom } from '../local/ports.ts'
import { firstBlueprints } from '../local/first-blueprints.ts'
import { type RunningSystem, startSystem } from '../local/system.ts'
import type { DemoResult, Told } from './run-demo.ts'

const MOST_SECONDS = 60
const lines: string[] = []
const say = (line: string) => void lines.push(line)
const toldOf = ({ told }: DemoResult, title: string): Told | undefined => told.find((one) => one.title === title)

describe('npm run demo, beside a system as npm start makes it', () => {
  const home = temporaryHome('demo')
  let system: RunningSystem
  let first: DemoResult

  beforeAll(async () => {
    system = await startSystem({ home: home.path, ports: portsFrom(30_000), kafka: { kind: 'none' }, say })
    await firstBlueprints(home.path, say)
  }, 120_000)
  afterAll(async () => {
    await system?.stop()
    home.remove()
  }, 60_000)

  const demo = async (): Promise<DemoResult> => {
    const env = { ...process.env, BANSO_HOME: home.path, NODE_OPTIONS: '' }
    const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'demo.ts'), '--json'], {
      env,
    }).catch((fault: { stderr: string }) => {
      throw new Error([...lines, fault.stderr].join('\n'))
    })
    return JSON.parse(stdout) as DemoResult
  }

  it('tells five stories within a minute, in which history fires nothing and fresh events act', async () => {
    const result = (first = await demo())
    expect(result.firedByHistory).toBe(0)
    expect(result.seconds).toBeLessThan(MOST_SECONDS)

    const stalls = toldOf(result, 'stalls in onboarding')
    expect(stalls).toMatchObject({ stage: 'onboarding', before: { band: 'amber' } })
    expect(stalls?.why.join(' ')).toContain('matched but was held back because only events over 24 hours old')
    const silent = toldOf(result, 'goes silent')
    expect(silent).toMatchObject({ stage: 'adoption', before: { band: 'amber' } })
    expect(silent?.why.join(' ')).toContain('matched but was held back because only events over 24 hours old')

    expect(toldOf(result, 'thrives')).toMatchObject({ before: { band: 'green' }, after: { band: 'green' } })
    expect(toldOf(result, 'drowns in tickets')).toMatchObject({ before: { band: 'amber' }, after: { band: 'red' } })
    expect(toldOf(result, 'grows to expansion-ready')).toMatchObject({ after: { band: 'green' } })
    const kinds = (title: string) => toldOf(result, title)?.effects.map(({ expected }) => expected.kind)
    expect(kinds('thrives')).toEqual(['task', 'mail'])
    expect(kinds('drowns in tickets')).toEqual(['webhook', 'task', 'mail'])
    expect(kinds('grows to expansion-ready')).toEqual(['webhook', 'task', 'mail'])
  }, 120_000)

  it('tells them again, of other accounts', async () => {
    const second = await demo()
    expect(second.told.map(({ title }) => title)).toEqual(first.told.map(({ title }) => title))
    const ids = [first, second].flatMap(({ told }) => told.map(({ accountId }) => accountId))
    expect(new Set(ids).size).toBe(10)
    expect(second.firedByHistory).toBe(0)
  }, 180_000)
})
