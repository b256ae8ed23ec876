import { expect, it } from '@jest/globals'
import { globSync } from 'node:fs'
import { sharedNames } from '../../libs/platform/src/config/unknown-settings.ts'
import { readPage, root } from './snippets.ts'

const declared = ['services/*/src/config.ts', 'libs/*/src/**/*settings.ts']

const settingsOfServices = (): string[] => {
  const files = globSync(declared, { cwd: root, exclude: ['**/cli/**', '**/node_modules/**'] })
  return files.flatMap((file) =>
    [...readPage(file).matchAll(/^ +([A-Z][A-Z0-9]*_[A-Z0-9_]+):/gm)].map(([, name = '']) => name),
  )
}

it('docs/configuration.md has every setting of a service', () => {
  const names = settingsOfServices()
  expect(names.length).toBeGreaterThan(30)
  const page = readPage('docs/configuration.md')
  expect([...new Set(names)].filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})

it('a name that begins with BANSO_ is known where names are judged, and only there where something reads it', () => {
  const parts = ['services/*/src/**/*.ts', 'deploy/{local,drive,docker}/**/*.ts']
  const files = globSync(parts, { cwd: root, exclude: ['**/*.spec.ts', '**/node_modules/**'] })
  const sources = files.map((file) => readPage(file)).join('\n')
  const read = [...sources.matchAll(/\benv\['(BANSO_[A-Z_]+)'\]/g)].map(([, name = '']) => name)
  const handedOn = 'BANSO_INIT_PASSWORD' // by the launcher to its own child
  const names = [...settingsOfServices().filter((name) => name.startsWith('BANSO_')), ...read]
  expect(names.filter((name) => name !== handedOn && !sharedNames.includes(name))).toEqual([])
  const made = /^BANSO_(SERVICE_TOKEN|DATABASE_PASSWORD)_[A-Z]+$|^BANSO_[A-Z]+_URL$/
  const unread = sharedNames.filter((name) => !made.test(name) && !names.includes(name))
  expect(unread.filter((name) => !sources.includes(`'${name}'`))).toEqual([])
})
