import { eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packagesOf, reachedBy, watchSources } from './watch-sources.ts'

const houses: Readonly<Record<string, readonly string[]>> = {
  'libs/ground': [],
  'libs/talk': ['ground'],
  'services/health': ['talk'],
  'services/cli': [],
}

describe('sources that are watched', () => {
  let root: string
  let stop: (() => void) | undefined
  const built: string[] = []
  const changed: string[][] = []
  const said: string[] = []
  let broken = false
  /** Whoever is told waits for what is newer. */
  let waits = false

  const watchAll = () =>
    watchSources({
      root,
      build: async (directory) => {
        if (broken) throw new Error('part/a.ts: expression expected')
        built.push(directory.slice(root.length + 1))
      },
      changed: async (directories, newer) => {
        changed.push([...directories])
        if (waits) await once(newer, 'abort')
      },
      say: (line) => void said.push(line),
    })

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'banso-watch-'))
    for (const [directory, dependencies] of Object.entries(houses)) {
      mkdirSync(join(root, directory, 'src/part'), { recursive: true })
      const name = `@banso/${directory.split('/')[1]}`
      const named = new Map([...dependencies.map((one) => [`@banso/${one}`, '*'] as const), ['pg', '8']])
      writeFileSync(
        join(root, directory, 'package.json'),
        JSON.stringify({ name, dependencies: Object.fromEntries(named) }),
      )
    }
    stop = watchAll()
  })
  afterEach(() => {
    stop?.()
    rmSync(root, { recursive: true, force: true })
    for (const list of [built, changed, said]) list.length = 0
    broken = false
    waits = false
  })
  const edit = (file: string): void => writeFileSync(join(root, file), `// ${Math.random()}`)

  it('are built, and whoever stands on them is told', async () => {
    edit('libs/talk/src/part/a.ts')
    await eventually(() => expect(changed.map((one) => one.toSorted())).toEqual([['libs/talk', 'services/health']]))
    expect(built).toEqual(['libs/talk'])
    edit('services/cli/src/b.ts')
    await eventually(() => expect(changed.slice(1)).toEqual([['services/cli']]))
  })

  it('change nothing by a spec, nor by what cannot be built', async () => {
    edit('libs/ground/src/a.spec.ts')
    broken = true
    edit('libs/ground/src/a.ts')
    await eventually(() => expect(said).toContain('not built: part/a.ts: expression expected'))
    broken = false
    edit('services/health/src/a.ts')
    await eventually(() => expect(changed).toEqual([['services/health']]))
    expect(said.filter((line) => line.includes('spec'))).toEqual([])
  })

  it('that were built are told of at once, though somebody still waits for what was built before', async () => {
    waits = true
    edit('services/health/src/a.ts')
    await eventually(() => expect(changed).toEqual([['services/health']]))
    broken = true
    edit('services/cli/src/a.ts')
    await eventually(() => expect(said).toContain('not built: part/a.ts: expression expected'))
    expect(changed).toHaveLength(1)
    broken = false
    edit('services/cli/src/a.ts')
    await eventually(() => expect(changed).toEqual([['services/health'], ['services/cli']]))
  })

  it('are seen however often an editor puts a new file in place of the old one, also where a folder was made anew', async () => {
    const seen = () => eventually(() => expect(changed).toContainEqual(['services/health']))
    const replace = async (folder: string): Promise<void> => {
      changed.length = 0
      mkdirSync(join(root, folder), { recursive: true })
      edit(`${folder}/a.ts~`)
      renameSync(join(root, folder, 'a.ts~'), join(root, folder, 'a.ts'))
      await seen()
    }
    for (let time = 1; time <= 3; time += 1) await replace('services/health/src/part')
    await replace('services/health/src/new/deep')
    changed.length = 0
    rmSync(join(root, 'services/health/src/new'), { recursive: true })
    await seen()
    for (let time = 1; time <= 3; time += 1) await replace('services/health/src/new/deep')
    expect(said.filter((line) => !/^changed {4}services.health.src.*a\.ts$/.test(line))).toEqual([])
  })

  it('are said not to be seen where they are and cannot be watched', () => {
    stop?.()
    for (const directory of ['services/cli', 'services/health'])
      rmSync(join(root, directory, 'src'), { recursive: true })
    symlinkSync('src', join(root, 'services/cli/src'))
    stop = watchAll()
    expect(said).toEqual([expect.stringMatching(/^unwatched {2}services.cli.src, its edits are not seen: .*ELOOP/)])
  })

  it('reach everybody through their dependencies', () => {
    const reached = reachedBy(new Set(['@banso/ground']), packagesOf(root))
    expect([...reached].toSorted()).toEqual(['@banso/ground', '@banso/health', '@banso/talk'])
  })
})
