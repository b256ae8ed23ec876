import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryHome } from '../drive/temporary-home.ts'
import { Logs } from './logs.ts'

const KEPT_BYTES = 10

describe('the log files of a home', () => {
  let home: ReturnType<typeof temporaryHome>
  let logs: Logs
  const lines: string[] = []
  beforeEach(() => {
    home = temporaryHome('logs')
    lines.length = 0
    mkdirSync(join(home.path, 'logs'))
    logs = new Logs(home.path, (line) => void lines.push(line), KEPT_BYTES)
  })
  afterEach(() => home.remove())

  it('are put aside when they are long, while their process writes on', () => {
    const path = logs.fileOf('health')
    const process = openSync(path, 'a')
    writeSync(process, 'a short\n')
    logs.shorten()
    expect(readFileSync(path, 'utf8')).toBe('a short\n')
    writeSync(process, 'no longer\n')
    logs.shorten()
    writeSync(process, 'after\n')
    closeSync(process)
    expect(readFileSync(path, 'utf8')).toBe('after\n')
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('a short\nno longer\n')
  })

  it('begin anew at a start after a long one', () => {
    const path = logs.fileOf('health')
    const process = openSync(path, 'a')
    writeSync(process, 'of an earlier start\n')
    closeSync(process)
    expect(new Logs(home.path, () => {}, KEPT_BYTES).fileOf('health')).toBe(path)
    expect(() => readFileSync(path)).toThrow('ENOENT')
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('of an earlier start\n')
  })

  it('are left alone where they cannot be put aside, which is told', () => {
    const path = logs.fileOf('health')
    const process = openSync(path, 'a')
    writeSync(process, 'much too long\n')
    closeSync(process)
    mkdirSync(`${path}.1`)
    logs.shorten()
    expect(lines[0]).toContain(`${path} grows: `)
    expect(readFileSync(path, 'utf8')).toBe('much too long\n')
    rmSync(`${path}.1`, { recursive: true })
  })
})
