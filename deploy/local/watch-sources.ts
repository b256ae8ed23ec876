// `npm run dev`: what is edited is built anew, and the services that stand on it are started again.
import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { watchFolder } from './watch-folder.ts'

export interface Package {
  readonly name: string
  /** Relative to the root of the checkout. */
  readonly directory: string
  /** Names of packages of ours. */
  readonly dependencies: readonly string[]
}

/** The packages of ours, as their package.json say. */
export const packagesOf = (root: string): Package[] =>
  globSync(['libs/*/package.json', 'services/*/package.json'], { cwd: root }).map((file) => {
    const { name, dependencies = {} } = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
      readonly name: string
      readonly dependencies?: Readonly<Record<string, string>>
    }
    return {
      name,
      directory: join(file, '..'),
      dependencies: Object.keys(dependencies).filter((one) => one.startsWith('@banso/')),
    }
  })

/** Those of `packages` that a change of `changed` reaches: itself, and whoever depends on it, directly or not. */
export const reachedBy = (changed: ReadonlySet<string>, packages: readonly Package[]): ReadonlySet<string> => {
  const reached = new Set(changed)
  for (let known = -1; known < reached.size;) {
    known = reached.size
    for (const { name, dependencies } of packages) if (dependencies.some((one) => reached.has(one))) reached.add(name)
  }
  return reached
}

export interface WatchOptions {
  readonly root: string
  readonly build: (directory: string) => Promise<void>
  /**
   * Directories of the packages that a change reaches: `services/health`. Called after what changed was built. `newer` aborts
   * when something that changed later was built, which then waits for the end of this call.
   */
  readonly changed: (directories: readonly string[], newer: AbortSignal) => Promise<void>
  readonly say: (line: string) => void
}

/** Editors write a file in several steps. */
const QUIET_MS = 60
const isBuilt = (file: string): boolean => file.endsWith('.ts') && !/\.(spec|suite)\.ts$/.test(file)

const reasonOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault))

/** Resolves when what was told before has ended, which hears that there is something newer, and this has begun. */
const tellInTurn = ({ changed, say }: Pick<WatchOptions, 'changed' | 'say'>) => {
  let told: { readonly ended: Promise<void>; readonly newer: AbortController } | undefined
  return async (directories: readonly string[]): Promise<void> => {
    told?.newer.abort()
    await told?.ended
    const newer = new AbortController()
    told = { newer, ended: changed(directories, newer.signal).catch((fault: unknown) => say(reasonOf(fault))) }
  }
}

const watchAll = (
  packages: readonly Package[],
  { root, say }: Pick<WatchOptions, 'root' | 'say'>,
  edited: (one: Package) => void,
): (() => void)[] =>
  packages.map((one) =>
    watchFolder(join(root, one.directory, 'src'), {
      heard: (file) => {
        if (!isBuilt(file)) return
        say(`changed    ${relative(root, file)}`)
        edited(one)
      },
      failed: (folder, fault) =>
        say(`unwatched  ${relative(root, folder)}, its edits are not seen: ${reasonOf(fault)}`),
    }),
  )

/** Until the returned function is called. One build at a time: what changes meanwhile is the next one. */
export const watchSources = ({ root, build, changed, say }: WatchOptions): (() => void) => {
  const packages = packagesOf(root)
  const edited = new Set<Package>()
  let timer: NodeJS.Timeout | undefined
  let busy = false
  const tell = tellInTurn({ changed, say })

  const round = async (): Promise<void> => {
    const now = [...edited]
    edited.clear()
    try {
      await Promise.all(now.map(({ directory }) => build(join(root, directory))))
    } catch (fault) {
      say(`not built: ${reasonOf(fault)}`)
      return
    }
    const reached = reachedBy(new Set(now.map(({ name }) => name)), packages)
    await tell(packages.filter(({ name }) => reached.has(name)).map(({ directory }) => directory))
  }
  const run = async (): Promise<void> => {
    if (busy) return
    busy = true
    while (edited.size > 0) await round()
    busy = false
  }
  const watched = watchAll(packages, { root, say }, (one) => {
    edited.add(one)
    clearTimeout(timer)
    timer = setTimeout(() => void run(), QUIET_MS)
  })
  return () => {
    clearTimeout(timer)
    for (const unwatch of watched) unwatch()
  }
}
