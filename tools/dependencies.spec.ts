import { describe, expect, it } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Manifest {
  readonly version?: string
  readonly license?: string
  readonly licenses?: readonly { readonly type: string }[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const root = join(import.meta.dirname, '..')
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'))

const PERMISSIVE =
  /^(MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|Zlib|CC0-1\.0|Python-2\.0)$/
// Data about browsers, read by Jest's compiler; nothing of it is shipped.
const DATA_ONLY = ['caniuse-lite']

const isPermissive = (licence: string): boolean => {
  const parts = licence.replaceAll(/[()]/g, '').split(/ (AND|OR) /)
  const names = parts.filter((part) => part !== 'AND' && part !== 'OR')
  return licence.includes(' OR ')
    ? names.some((name) => PERMISSIVE.test(name))
    : names.every((name) => PERMISSIVE.test(name))
}

const asked = globSync(['package.json', 'libs/*/package.json', 'services/*/package.json', 'deploy/package.json'], {
  cwd: root,
}).flatMap((path) => {
  const { dependencies, devDependencies } = read(path) as Manifest
  const all = Object.entries({ ...dependencies, ...devDependencies })
  return all
    .filter(([name]) => !name.startsWith('@banso/'))
    .map(([name, version]) => ({ folder: join(path, '..'), name, version }))
})
const direct = asked.map(({ name, version }) => [name, version] as const)

describe('the dependencies', () => {
  it('are pinned exactly, one version of each in the house', () => {
    expect(direct.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
    const versions = new Set(direct.map(([name, version]) => `${name}@${version}`))
    expect(versions.size).toBe(new Set(direct.map(([name]) => name)).size)
  })

  // Else npm ci refuses a clean clone.
  it('are locked as each part asks for them', () => {
    const { packages } = read('package-lock.json') as { packages: Record<string, Manifest> }
    const locked = (folder: string, name: string) =>
      (packages[join(folder, 'node_modules', name)] ?? packages[`node_modules/${name}`])?.version
    expect(asked.filter(({ folder, name, version }) => locked(folder, name) !== version)).toEqual([])
  })

  it('are each explained in CONTRIBUTING.md, and nothing else is', () => {
    const table = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').split('## Dependencies')[1] ?? ''
    const rows = table.split('\n').filter((line) => line.startsWith('| `'))
    const named = rows.flatMap((line) =>
      [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
    )
    expect(named.toSorted()).toEqual([...new Set(direct.map(([name]) => name))].toSorted())
  })

  it('are all under permissive licences, indirect ones included', () => {
    const { packages } = read('package-lock.json') as { packages: Record<string, Manifest & { link?: boolean }> }
    const installed = Object.entries(packages).filter(([path, entry]) => path.includes('node_modules/') && !entry.link)
    const licenceOf = (path: string, entry: Manifest): string =>
      entry.license ??
      (read(`${path}/package.json`) as Manifest).licenses?.map(({ type }) => type).join(' OR ') ??
      'none'
    const others = installed
      .filter(([path]) => !DATA_ONLY.some((name) => path.endsWith(`/${name}`)))
      .map(([path, entry]) => `${path}: ${licenceOf(path, entry)}`)
      .filter((line) => !isPermissive(line.split(': ')[1] ?? ''))
    expect(installed.length).toBeGreaterThan(100)
    expect(others).toEqual([])
  })
})
