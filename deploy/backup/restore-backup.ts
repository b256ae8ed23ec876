// Puts a backup into a home that has no data: verified first, complete or not at all.
import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkReachable, checkSpace, checkWritable } from '../local/preflight.ts'
import { postgresCommand } from '../local/postgres.ts'
import { copyFile, makeFoldersOf } from './copy-files.ts'
import { damageOf, type Manifest, readManifest } from './manifest.ts'

const STORES = ['postgres', 'kafka'] as const
const MOST_NAMED = 5

const refuseFull = (home: string): void => {
  const there = STORES.map((store) => join(home, store)).find((path) => existsSync(path))
  if (there)
    throw new Error(
      `${home} has data already: stop Banso there and move ${there} away, or name another folder by BANSO_HOME`,
    )
}

const refuseOtherPostgres = async (home: string, wanted: string): Promise<void> => {
  const { command } = await postgresCommand(join(home, 'postgres'), 0, '')
  const version = /(\d+)\.\d+/.exec(execFileSync(command, ['--version'], { encoding: 'utf8' }))?.[1]
  if (version !== wanted)
    throw new Error(
      `the backup is of PostgreSQL ${wanted}, this release has ${version}: restore it with the release that took it`,
    )
}

const refuseDamaged = async (folder: string, manifest: Manifest): Promise<void> => {
  const damaged = await damageOf(folder, manifest)
  if (damaged.length === 0) return
  const more = damaged.length > MOST_NAMED ? `, and ${damaged.length - MOST_NAMED} more` : ''
  throw new Error(`${folder} is damaged: ${damaged.slice(0, MOST_NAMED).join('; ')}${more}. Take another backup`)
}

/** As root, Postgres runs as its own user, whose folder it must be. */
const giveToPostgres = (path: string, uid: number, gid: number): void => {
  chownSync(path, uid, gid)
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const below = join(path, entry.name)
    if (entry.isDirectory()) giveToPostgres(below, uid, gid)
    else chownSync(below, uid, gid)
  }
}

export const restoreBackup = async (folder: string, home: string): Promise<Manifest> => {
  const manifest = readManifest(folder)
  checkWritable(home)
  checkSpace(home)
  checkReachable(home, process.getuid?.() === 0)
  refuseFull(home)
  await refuseOtherPostgres(home, manifest.postgres)
  await refuseDamaged(folder, manifest)
  const unfinished = join(home, 'restore.unfinished')
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o755 })
  makeFoldersOf(folder, unfinished)
  for (const { path } of manifest.files) await copyFile(join(folder, path), unfinished, path)
  const { uid, gid } = await postgresCommand(home, 0, '')
  if (uid !== undefined && gid !== undefined) giveToPostgres(join(unfinished, 'postgres'), uid, gid)
  // The secrets first, Postgres last: while it is not there, a restore can be run again.
  const parts = readdirSync(unfinished).filter((name) => name !== 'postgres')
  for (const part of [...parts, 'postgres']) renameSync(join(unfinished, part), join(home, part))
  rmSync(unfinished, { recursive: true })
  return manifest
}
