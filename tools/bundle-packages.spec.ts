import { afterAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { BUNDLED, packageOf, putInPlace } from './bundle-packages.ts'

const root = join(import.meta.dirname, '..')
const LOCAL = 'deploy/local'
const FOLDER = 'node_modules/.cache/banso-packages'

const scratch: string[] = []
afterAll(() => {
  for (const folder of scratch) rmSync(folder, { recursive: true })
})

/** A house of one bundled package, made when its package-lock.json was `lockThen`. */
const houseWith = (lock: string, lockThen: string): string => {
  const house = mkdtempSync(join(tmpdir(), 'banso-bundle-'))
  scratch.push(house)
  for (const folder of [LOCAL, FOLDER, 'node_modules/sample']) mkdirSync(join(house, folder), { recursive: true })
  for (const file of ['preload.mjs', 'bundled-packages.mjs'])
    copyFileSync(join(root, LOCAL, file), join(house, LOCAL, file))
  writeFileSync(join(house, 'package-lock.json'), lock)
  writeFileSync(join(house, 'node_modules/sample/index.mjs'), `export const from = 'the package'`)
  writeFileSync(join(house, 'node_modules/sample/package.json'), JSON.stringify({ exports: './index.mjs' }))
  writeFileSync(join(house, FOLDER, 'sample.mjs'), `export const from = 'the bundle'`)
  const hash = createHash('sha1').update(lockThen).digest('hex')
  writeFileSync(join(house, FOLDER, 'index.json'), JSON.stringify({ lock: hash, files: { sample: 'sample.mjs' } }))
  writeFileSync(join(house, 'main.mjs'), `import { from } from 'sample'\nconsole.log(from)`)
  return house
}

const loadedFrom = async (house: string): Promise<string> => {
  const preload = pathToFileURL(join(house, LOCAL, 'preload.mjs')).href
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', preload, join(house, 'main.mjs')])
  return stdout.trim()
}

describe('the bundle of packages', () => {
  it('is loaded in place of them, if made of the same versions', async () => {
    expect(await loadedFrom(houseWith('{"a":1}', '{"a":1}'))).toBe('the bundle')
    expect(await loadedFrom(houseWith('{"a":2}', '{"a":1}'))).toBe('the package')
  })

  it('leaves them where there is none', async () => {
    const house = houseWith('{}', '{}')
    rmSync(join(house, FOLDER), { recursive: true })
    expect(await loadedFrom(house)).toBe('the package')
  })

  it('is there once, also where its folder is a link', async () => {
    const house = houseWith('{}', '{}')
    const [folder, elsewhere] = [join(house, FOLDER), join(house, 'elsewhere')]
    renameSync(folder, elsewhere)
    symlinkSync(elsewhere, folder)
    writeFileSync(join(elsewhere, 'sample.mjs'), `export class One {}\nexport const load = () => import('./other.mjs')`)
    writeFileSync(
      join(elsewhere, 'other.mjs'),
      `import * as sample from './sample.mjs'\nexport const one = () => sample.One`,
    )
    writeFileSync(
      join(house, 'main.mjs'),
      `import { load, One } from 'sample'\nconsole.log((await load()).one() === One)`,
    )
    expect(await loadedFrom(house)).toBe('true')
  })

  it('may be built twice at once, and leaves what those that run may still load', async () => {
    const folder = join(houseWith('{}', '{}'), FOLDER)
    const built = ['a', 'b'].map((builder) => {
      const aside = `${folder}.${builder}`
      mkdirSync(aside)
      for (const file of ['index.json', 'pg.mjs', `chunk-${builder}.mjs`]) writeFileSync(join(aside, file), builder)
      return aside
    })
    await Promise.all(built.map((aside) => putInPlace(aside, folder)))
    expect(readdirSync(folder).toSorted()).toEqual(['chunk-a.mjs', 'chunk-b.mjs', 'index.json', 'pg.mjs', 'sample.mjs'])
    expect(built.flatMap((aside) => readdirSync(aside))).toEqual([])
  })

  it('is in place but for its index while a part of it is not there', async () => {
    const folder = join(houseWith('{}', '{}'), FOLDER)
    const aside = `${folder}.aside`
    mkdirSync(aside)
    for (const file of ['index.json', 'pg.mjs', 'z.mjs']) writeFileSync(join(aside, file), 'new')
    mkdirSync(join(folder, 'pg.mjs')) // what cannot be put there
    await expect(putInPlace(aside, folder)).rejects.toThrow(/pg\.mjs/)
    expect(readFileSync(join(folder, 'z.mjs'), 'utf8')).toBe('new')
    expect(readFileSync(join(folder, 'index.json'), 'utf8')).toContain('sample.mjs')
  })

  // Else a part of a package would be there twice.
  it('has whatever a service imports of them', () => {
    const bundled = new Set(BUNDLED.map(packageOf))
    const imported = globSync(['libs/*/src/**/*.ts', 'services/*/src/**/*.ts'], { cwd: root }).flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import\() ?'([^'.][^']*)'/g)].map(
        ([, name]) => name ?? '',
      ),
    )
    const ofBundled = imported.filter((name) => bundled.has(packageOf(name)))
    expect(new Set(ofBundled).size).toBeGreaterThan(5)
    expect(ofBundled.filter((name) => !BUNDLED.includes(name))).toEqual([])
  })
})
