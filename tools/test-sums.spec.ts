import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSums, sumLine, sumsOf } from './test-sums.ts'

const file = (name: string, status: string, ...statuses: string[]) => ({
  name: join(import.meta.dirname, '..', name),
  status,
  assertionResults: statuses.map((each, index) => ({ fullName: `test ${index}`, status: each })),
})

describe('the sums', () => {
  it('add up over runs and files', () => {
    const parts = {
      testResults: [file('libs/a.spec.ts', 'passed', 'passed', 'pending'), file('libs/b.spec.ts', 'passed', 'passed')],
    }
    const system = { testResults: [file('deploy/c.e2e.spec.ts', 'failed', 'passed', 'failed', 'todo')] }
    const sums = sumsOf([parts, system])
    expect(sums).toMatchObject({ passed: 3, failed: 1, skipped: 2 })
    expect(sums.failures).toEqual(['deploy/c.e2e.spec.ts › test 1'])
    expect(sumLine(sums)).toBe('3 passed, 1 failed, 2 skipped')
  })

  it('count a file that could not be loaded', () => {
    const sums = sumsOf([{ testResults: [file('libs/a.spec.ts', 'failed')] }])
    expect(sums).toMatchObject({ passed: 0, failed: 1, failures: ['libs/a.spec.ts › the file itself'] })
    expect(sumLine(sums)).toBe('0 passed, 1 failed')
  })

  it('count a file whose hooks failed after its tests had passed', () => {
    expect(sumsOf([{ testResults: [file('libs/a.spec.ts', 'failed', 'passed')] }])).toMatchObject({
      passed: 1,
      failed: 1,
    })
  })
})

describe('the result files', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'banso-sums-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('count a run that left none as a failure', () => {
    writeFileSync(
      join(folder, 'parts.json'),
      JSON.stringify({ testResults: [file('libs/a.spec.ts', 'passed', 'passed')] }),
    )
    const sums = readSums(['parts', 'system'], folder)
    expect(sums).toMatchObject({ passed: 1, failed: 1, failures: ['the run of system left no results'] })
  })
})
