import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstBlueprints } from './first-blueprints.ts'

let home: string
const lines: string[] = []
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'banso-first-'))
  lines.length = 0
})
afterEach(() => rmSync(home, { recursive: true }))

const apply = () => firstBlueprints(home, (line) => void lines.push(line))

describe('the starter blueprints of a first start', () => {
  it('are told when they could not be applied, which stops nothing and is tried again', async () => {
    await apply()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^\nThe starter blueprints are not in force:\n\S/)
    expect(existsSync(join(home, 'starter-applied'))).toBe(false)
    await apply()
    expect(lines).toHaveLength(2)
  })

  it('are not applied a second time', async () => {
    writeFileSync(join(home, 'starter-applied'), '')
    await apply()
    expect(lines).toEqual([])
  })
})
