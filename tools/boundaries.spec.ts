// What the lint rules forbid is tried on samples in a copy of the house's layout.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

interface Sample {
  readonly what: string
  readonly file: string
  readonly code: string
  /** The rule that must fail; none: the sample is legal. */
  readonly rule?: string
}

const root = join(import.meta.dirname, '..')
const IMPORTS = 'eslint(no-restricted-imports)'
const ENV = 'node(no-process-env)'
const GLOBAL = 'eslint(no-restricted-globals)'

const illegal: Sample[] = [
  {
    what: 'a service imports a service by name',
    file: 'services/alpha/src/by-name.ts',
    code: `import { beta } from '@banso/beta'\nexport const value: string = beta\n`,
    rule: IMPORTS,
  },
  {
    what: 'a service imports a part of a service by name',
    file: 'services/alpha/src/by-sub-path.ts',
    code: `import { beta } from '@banso/beta/src/beta.ts'\nexport const value: string = beta\n`,
    rule: IMPORTS,
  },
  {
    what: 'a service imports a service by path',
    file: 'services/alpha/src/by-path.ts',
    code: `import { beta } from '../../beta/src/beta.ts'\nexport const value = beta\n`,
    rule: IMPORTS,
  },
  {
    what: 'a service imports a service by a longer path',
    file: 'services/alpha/src/by-longer-path.ts',
    code: `import { beta } from '../../../services/beta/src/beta.ts'\nexport const value = beta\n`,
    rule: IMPORTS,
  },
  {
    what: 'a service imports a service when it runs',
    file: 'services/alpha/src/dynamic.ts',
    code: `export const load = (): Promise<unknown> => import('@banso/beta')\n`,
    rule: IMPORTS,
  },
  {
    what: 'a service imports a service by path when it runs',
    file: 'services/alpha/src/dynamic-path.ts',
    code: `export const load = (): Promise<unknown> => import('../../beta/src/beta.ts')\n`,
    rule: IMPORTS,
  },
  {
    what: 'a service imports a type of a service',
    file: 'services/alpha/src/type-only.ts',
    code: `import type { Beta } from '../../beta/src/beta.ts'\nexport type Mine = Beta\n`,
    rule: IMPORTS,
  },
  {
    what: 'a service hands on what is a service’s',
    file: 'services/alpha/src/re-export.ts',
    code: `export { beta } from '../../beta/src/beta.ts'\n`,
    rule: IMPORTS,
  },
  {
    what: 'a service imports testing outside of specs',
    file: 'services/alpha/src/testing.ts',
    code: `import { eventually } from '@banso/testing'\nexport const wait = eventually\n`,
    rule: IMPORTS,
  },
  {
    what: 'a spec imports another service',
    file: 'services/alpha/src/alpha.spec.ts',
    code: `import { beta } from '../../beta/src/beta.ts'\nexport const value = beta\n`,
    rule: IMPORTS,
  },
  {
    what: 'contracts import a framework',
    file: 'libs/contracts/src/framework.ts',
    code: `import { Injectable } from '@nestjs/common'\nexport const decorate = Injectable\n`,
    rule: IMPORTS,
  },
  {
    what: 'contracts import a lib of ours',
    file: 'libs/contracts/src/lib.ts',
    code: `import { Clock } from '@banso/platform'\nexport const clock = Clock\n`,
    rule: IMPORTS,
  },
  {
    what: 'platform imports a lib of ours',
    file: 'libs/platform/src/lib.ts',
    code: `import { topics } from '@banso/contracts'\nexport const all = topics\n`,
    rule: IMPORTS,
  },
  {
    what: 'messaging imports testing outside of specs',
    file: 'libs/messaging/src/testing.ts',
    code: `import { eventually } from '@banso/testing'\nexport const wait = eventually\n`,
    rule: IMPORTS,
  },
  {
    what: 'process.env outside of config.ts',
    file: 'services/alpha/src/environment.ts',
    code: `export const port = process.env['PORT']\n`,
    rule: ENV,
  },
  {
    what: 'process.env in main.ts',
    file: 'services/alpha/src/main.ts',
    code: `export const port = process.env['PORT']\n`,
    rule: ENV,
  },
  {
    what: 'env taken out of process',
    file: 'services/alpha/src/destructured.ts',
    code: `const { env } = process\nexport const port = env['PORT']\n`,
    rule: GLOBAL,
  },
  {
    what: 'env of globalThis.process',
    file: 'libs/messaging/src/global-this.ts',
    code: `const { env } = globalThis.process\nexport const port = env['PORT']\n`,
    rule: 'eslint(no-restricted-properties)',
  },
  {
    what: 'env imported from node:process',
    file: 'services/alpha/src/imported.ts',
    code: `import { env } from 'node:process'\nexport const port = env['PORT']\n`,
    rule: IMPORTS,
  },
  {
    what: 'a promise that nobody waits for',
    file: 'services/alpha/src/floating.ts',
    code: `const save = (): Promise<void> => Promise.resolve()\nexport const run = (): void => {\n  save()\n}\n`,
    rule: 'typescript(no-floating-promises)',
  },
  {
    what: 'any',
    file: 'services/alpha/src/any.ts',
    code: `export const first = (values: any): number => values.length\n`,
    rule: 'typescript(no-explicit-any)',
  },
  {
    what: 'an any that comes from outside',
    file: 'services/alpha/src/unsafe.ts',
    code: `export const read = (text: string): string => JSON.parse(text)\n`,
    rule: 'typescript(no-unsafe-return)',
  },
  {
    what: 'a non-null assertion',
    file: 'services/alpha/src/non-null.ts',
    code: `export const first = (values: string[]): string => values[0]!\n`,
    rule: 'typescript(no-non-null-assertion)',
  },
]

const legal: Sample[] = [
  {
    what: 'a service imports the libs and its own files',
    file: 'services/alpha/src/legal.ts',
    code: `import { topics } from '@banso/contracts'\nimport { own } from './own.ts'\nexport const value = [topics, own]\n`,
  },
  {
    what: 'config.ts reads the environment',
    file: 'services/alpha/src/config.ts',
    code: `export const env = process.env\n`,
  },
  {
    what: 'a component test imports what it tests, and testing',
    file: 'services/alpha/test/alpha.int.spec.ts',
    code: `import { eventually } from '@banso/testing'\nimport { own } from '../src/own.ts'\nexport const value = [eventually, own]\n`,
  },
  {
    what: 'contracts import TypeBox and their own files',
    file: 'libs/contracts/src/legal.ts',
    code: `import Type from 'typebox'\nimport { own } from './own.ts'\nexport const value = [Type.String(), own]\n`,
  },
]

let house: string
const failures = new Map<string, string[]>()

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'banso-boundaries-'))
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'tsconfig.base.json', 'package.json'])
    cpSync(join(root, file), join(house, file))
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'))
  const own = ['services/alpha/src', 'libs/contracts/src'].map((folder) => ({
    file: `${folder}/own.ts`,
    code: `export const own = 'own'\n`,
  }))
  const beta = { file: 'services/beta/src/beta.ts', code: `export const beta = 'beta'\nexport type Beta = 'beta'\n` }
  for (const { file, code } of [...illegal, ...legal, ...own, beta]) {
    mkdirSync(dirname(join(house, file)), { recursive: true })
    writeFileSync(join(house, file), code)
  }
  const { stdout, stderr } = spawnSync('oxlint', ['--format', 'json', 'libs', 'services'], {
    cwd: house,
    encoding: 'utf8',
  })
  if (!stdout.startsWith('{')) throw new Error(`oxlint did not run: ${stderr}${stdout}`)
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] }
  for (const { filename, code } of diagnostics) failures.set(filename, [...(failures.get(filename) ?? []), code])
})
afterAll(() => rmSync(house, { recursive: true, force: true }))

describe('lint refuses', () => {
  it.each(illegal)('$what', ({ file, rule }) => {
    expect(failures.get(file)).toContain(rule)
  })
})

describe('lint allows', () => {
  it.each(legal)('$what', ({ file }) => {
    expect(failures.get(file) ?? []).toEqual([])
  })
})

describe('the files that may name the process', () => {
  it('do not take the environment from it', () => {
    const files = globSync(
      ['services/*/src/main.ts', 'libs/platform/src/shutdown/*.ts', 'libs/messaging/src/messaging.module.ts'],
      { cwd: root },
    )
    expect(files).toContain('libs/platform/src/shutdown/ordered-shutdown.ts')
    expect(files.filter((file) => /\benv\b/.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
  })
})
