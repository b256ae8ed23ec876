// A physical copy of a running Postgres by its low-level backup functions: all databases as they were at one moment. The
// embedded binaries have neither pg_dump nor pg_basebackup; this is what pg_basebackup does inside.
import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { copyFile, filesBelow, makeFoldersOf } from './copy-files.ts'
import { type BackupFile, hashOf } from './manifest.ts'

/** Their contents are of the running server alone; the folders themselves must be there. */
const EMPTIED = /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\//
const LEFT_OUT =
  /^(postmaster\.(pid|opts)|postgresql\.auto\.conf\.tmp|current_logfiles\.tmp|backup_label|tablespace_map)$/
const OF_THE_RUNNING_SERVER = /(^|\/)(pgsql_tmp|pg_internal\.init|t\d+_\d+)/
/** Copied last, like pg_basebackup does. */
const CONTROL = 'global/pg_control'
const isLeftOut = (path: string): boolean =>
  path === CONTROL || EMPTIED.test(path) || LEFT_OUT.test(path) || OF_THE_RUNNING_SERVER.test(path)

const WAL_SEGMENT = /^[0-9A-F]{24}$/

interface Stopped {
  readonly label: string
  readonly tablespaces: string
  readonly segment: string
}

const start = async (client: pg.Client): Promise<string> => {
  // Holds back the write-ahead log from here on; gone with the session.
  const slot = `banso_backup_${process.pid}`
  await client.query('SELECT pg_create_physical_replication_slot($1, true, true)', [slot])
  const { rows } = await client.query<{ segment: string }>(
    `SELECT pg_walfile_name(pg_backup_start('banso', true)) AS segment`,
  )
  const [begun] = rows
  if (!begun) throw new Error('Postgres did not begin a backup')
  return begun.segment
}

const stop = async (client: pg.Client): Promise<Stopped> => {
  // It switches to a new segment, so that the last one needed is complete.
  const { rows } = await client.query<Stopped>(
    `SELECT labelfile AS label, spcmapfile AS tablespaces, pg_walfile_name(lsn) AS segment FROM pg_backup_stop(false)`,
  )
  const [stopped] = rows
  if (!stopped) throw new Error('Postgres did not end the backup')
  return stopped
}

const segmentsBetween = (directory: string, first: string, last: string): string[] =>
  readdirSync(join(directory, 'pg_wal')).filter((name) => WAL_SEGMENT.test(name) && name >= first && name <= last)

/** Copies the server's data to `<root>/postgres`; `client` is a superuser's, and is used for nothing else meanwhile. */
export const copyRunningPostgres = async (
  client: pg.Client,
  directory: string,
  root: string,
): Promise<BackupFile[]> => {
  const files: BackupFile[] = []
  const copy = async (path: string): Promise<void> => {
    const copied = await copyFile(join(directory, path), root, `postgres/${path}`)
    if (copied) files.push(copied)
  }
  const first = await start(client)
  makeFoldersOf(directory, join(root, 'postgres'), isLeftOut)
  for (const path of filesBelow(directory, isLeftOut)) await copy(path)
  await copy(CONTROL)
  const { label, tablespaces, segment } = await stop(client)
  if (tablespaces !== '') throw new Error('a Postgres with tablespaces of its own cannot be backed up like this')
  for (const name of segmentsBetween(directory, first, segment)) await copy(`pg_wal/${name}`)
  if (!files.some(({ path }) => path.endsWith(segment))) throw new Error(`Postgres did not keep its log ${segment}`)
  const labelFile = join(root, 'postgres/backup_label')
  await writeFile(labelFile, label, { mode: 0o600 })
  return [...files, { path: 'postgres/backup_label', bytes: Buffer.byteLength(label), sha256: await hashOf(labelFile) }]
}
