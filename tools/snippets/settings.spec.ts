import { expect, it } from '@jest/globals'
import { globSync } from 'node:fs'
import { readPage, root } from './snippets.ts'

const declared = ['services/*/src/config.ts', 'libs/*/src/**/*settings.ts']

it('docs/configuration.md has every setting of a service', () => {
  const files = globSync(declared, { cwd: root, exclude: ['**/cli/**', '**/node_modules/**'] })
  const names = files.flatMap((file) =>
    [...readPage(file).matchAll(/^ +([A-Z][A-Z0-9]*_[A-Z0-9_]+):/gm)].map(([, name = '']) => name),
  )
  expect(names.length).toBeGreaterThan(30)
  const page = readPage('docs/configuration.md')
  expect([...new Set(names)].filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
