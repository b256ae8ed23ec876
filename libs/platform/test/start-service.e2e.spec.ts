import { describe, expect, it } from '@jest/globals'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** How a service ended whose start failed so, with what it told its parent and its log. */
const endOf = async (failure: string) => {
  const child = fork(join(import.meta.dirname, 'failing-service.ts'), [failure], { silent: true, execArgv: [] })
  let log = ''
  const told: unknown[] = []
  child.stdout?.on('data', (data: Buffer) => (log += data.toString()))
  child.on('message', (message) => told.push(message))
  const [code] = (await once(child, 'close')) as [number]
  return { code, told, line: JSON.parse(log) as Record<string, unknown> }
}

describe('a service that cannot start', () => {
  it('ends with 78 when its settings must change first, logs the reason on one line and tells it', async () => {
    const { code, told, line } = await endOf('settings')
    expect(code).toBe(78)
    expect(told).toEqual([{ fault: 'settings are missing or malformed:\n  PORT must be integer' }])
    expect(line).toMatchObject({ level: 'fatal', service: 'failing', msg: 'the service cannot start' })
    expect(line['err']).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('PORT must be integer'),
    })
  })

  it('ends with 1 when another start may succeed', async () => {
    const { code, told, line } = await endOf('away')
    expect({ code, told }).toEqual({ code: 1, told: [{ fault: 'ECONNREFUSED' }] })
    expect(line['err']).toMatchObject({ code: 'ECONNREFUSED' })
  })
})
