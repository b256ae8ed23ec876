import { describe, expect, it } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectSaid, messages } from './page.ts'

const api = join(import.meta.dirname, '../../docs/api/accounts.openapi.json')
interface Documented {
  readonly paths: Readonly<
    Record<
      string,
      { readonly post?: { readonly responses: Readonly<Record<string, { readonly description: string }>> } }
    >
  >
}
/** What a command of operators is refused with when it does not fit how a service stands; every service has the same. */
const refusalsOf = (command: 'resume' | 'rebuild'): string[] => {
  const { paths } = JSON.parse(readFileSync(api, 'utf8')) as Documented
  return paths[`/v1/operations/${command}`]?.post?.responses['409']?.description.split(', ') ?? []
}

describe('the page of messages', () => {
  it('has none that no test provokes', () => {
    const specs = globSync('*.spec.ts', { cwd: import.meta.dirname }).map((file) =>
      readFileSync(join(import.meta.dirname, file), 'utf8'),
    )
    expect(messages().length).toBeGreaterThan(30)
    expect(messages().filter((message) => !specs.some((spec) => spec.includes(`'${message}'`)))).toEqual([])
  })

  it('has every refusal of a resume and of a rebuild', () => {
    const codes = [...refusalsOf('resume'), ...refusalsOf('rebuild')]
    expect(codes.length).toBeGreaterThan(5)
    expect(codes.filter((code) => !messages().some((message) => message.startsWith(code)))).toEqual([])
  })

  it('is compared with what is really said', () => {
    expectSaid('x: port 4001 (capture) is taken. Stop', 'port … (capture) is taken…')
    expect(() => expectSaid('port 4001 is free', 'port … (capture) is taken…')).toThrow('was not said')
    expect(() => expectSaid('no idea', 'no idea')).toThrow('has no "no idea"')
  })
})
