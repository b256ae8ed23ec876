// A backup of a home: all databases, the embedded log among them, at one moment, and the secrets.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeFolder } from '../local/make-folder.ts'
import { connectWhenReady } from '../local/postgres.ts'
import { passwordName } from '../local/secrets.ts'
import { copyRunningPostgres } from './base-backup.ts'
import { copyFile, filesBelow, makeFoldersOf } from './copy-files.ts'
import { type BackupFile, type Manifest, writeManifest } from './manifest.ts'
import { isKafkaRunning, runningPostgres } from './running.ts'

/** Made anew by every start. */
const OF_A_START = new Set(['addresses.json'])
const CONNECT_WITHIN_MS = 10_000

const refuseUnfit = async (home: string, folder: string): Promise<void> => {
  if (!existsSync(join(home, 'postgres/PG_VERSION')))
    throw new Error(
      `${home} has no Postgres of its own: name the data folder by BANSO_HOME. ` +
        'A Postgres elsewhere is backed up by its own tools: docs/operate/backup.md',
    )
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(`${folder} is not empty: name a new folder for each backup`)
  if (await isKafkaRunning(home))
    throw new Error(
      'this home runs a Kafka of its own, whose files cannot be copied while it writes: stop Banso first, then back up',
    )
}

const copyStopped = async (home: string, store: string, root: string): Promise<BackupFile[]> => {
  const directory = join(home, store)
  makeFoldersOf(directory, join(root, store))
  const files: BackupFile[] = []
  for (const path of filesBelow(directory, (name) => /^postmaster\.(pid|opts)$/.test(name))) {
    const copied = await copyFile(join(directory, path), root, `${store}/${path}`)
    if (!copied) throw new Error(`${join(directory, path)} vanished: was Banso started meanwhile?`)
    files.push(copied)
  }
  return files
}

const copyRunning = async (home: string, port: number, root: string): Promise<BackupFile[]> => {
  const secrets = readFileSync(join(home, 'secrets'), 'utf8')
  const password = new RegExp(`^${passwordName('postgres')}=(.*)$`, 'm').exec(secrets)?.[1] ?? ''
  const url = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`
  const client = await connectWhenReady(url, CONNECT_WITHIN_MS)
  try {
    return await copyRunningPostgres(client, join(home, 'postgres'), root)
  } finally {
    await client.end()
  }
}

const copyHome = async (home: string, root: string): Promise<BackupFile[]> => {
  const names = readdirSync(home, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && !OF_A_START.has(entry.name),
  )
  const copied = await Promise.all(names.map(({ name }) => copyFile(join(home, name), root, name)))
  return copied.filter((file) => file !== undefined)
}

const releaseOf = (): string => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
    version: string
  }
  return version
}

/** Copies the home into `folder`, which gets its name when the backup is whole. Running or not, nothing is stopped. */
export const takeBackup = async (home: string, folder: string): Promise<Manifest> => {
  await refuseUnfit(home, folder)
  const unfinished = `${folder}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  makeFolder(unfinished, 0o700)
  const port = await runningPostgres(home)
  // The secrets first: no start changes those that are there.
  const files = await copyHome(home, unfinished)
  files.push(
    ...(port === undefined
      ? await copyStopped(home, 'postgres', unfinished)
      : await copyRunning(home, port, unfinished)),
  )
  if (existsSync(join(home, 'kafka'))) files.push(...(await copyStopped(home, 'kafka', unfinished)))
  if (port === undefined && (await runningPostgres(home)) !== undefined)
    throw new Error('Banso was started while it was copied: this is no backup; try again')
  const manifest = {
    format: 1,
    takenAt: new Date().toISOString(),
    banso: releaseOf(),
    postgres: readFileSync(join(home, 'postgres/PG_VERSION'), 'utf8').trim(),
    online: port !== undefined,
    files,
  } as const
  await writeManifest(unfinished, manifest)
  await promisify(execFile)('sync') // whoever is told of a backup has it after a power cut, too
  rmSync(folder, { recursive: true, force: true })
  renameSync(unfinished, folder)
  return manifest
}
