import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { acme } from '../test/facts.ts'
import { compileCondition } from './compile.ts'
import { limits } from './limits.ts'

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')

const examples = [...readme.matchAll(/```cel\n(.*?)```/gs)].flatMap(([, block = '']) =>
  block
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+\/\/ /)),
)

const answer = (source: string): string => {
  const compiled = compileCondition(source, 'trigger')
  if ('faults' in compiled) return compiled.faults.map(({ message }) => `fault: ${message}`).join('; ')
  const verdict = compiled.condition.evaluate(acme())
  return verdict.kind === 'decided' ? `${verdict.value}` : `undecided: ${verdict.reason}`
}

describe('README.md', () => {
  it('has examples', () => expect(examples.length).toBeGreaterThan(20))

  it.each(examples)('%s: %s', (source = '', expected = '') => expect(answer(source)).toBe(expected))

  it.each(['source', 'operations', 'depth', 'list', 'pattern', 'patternProgram', 'text', 'work'] as const)(
    'tells the bound on %s',
    (name) => expect(readme.slice(readme.indexOf('## Bounds'))).toContain(limits[name].toLocaleString('en')),
  )
})
