import { describe, expect, it } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectSaid, messages } from './page.ts'

describe('the page of messages', () => {
  it('has none that no test provokes', () => {
    const specs = globSync('*.spec.ts', { cwd: import.meta.dirname }).map((file) =>
      readFileSync(join(import.meta.dirname, file), 'utf8'),
    )
    expect(messages().length).toBeGreaterThan(30)
    expect(messages().filter((message) => !specs.some((spec) => spec.includes(`'${message}'`)))).toEqual([])
  })

  it('is compared with what is really said', () => {
    expectSaid('x: port 4001 (capture) is taken. Stop', 'port … (capture) is taken…')
    expect(() => expectSaid('port 4001 is free', 'port … (capture) is taken…')).toThrow('was not said')
    expect(() => expectSaid('no idea', 'no idea')).toThrow('has no "no idea"')
  })
})
