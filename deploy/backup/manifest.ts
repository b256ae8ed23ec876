// `backup.json`: what a backup holds, so that a restore can tell a whole one from a damaged one.
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eachChunk } from './chunks.ts'

export const MANIFEST = 'backup.json'
const FORMAT = 1

export interface BackupFile {
  /** Relative to the backup's folder, with `/`. */
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

export interface Manifest {
  readonly format: typeof FORMAT
  /** The state that it holds is that of this time, ISO 8601. */
  readonly takenAt: string
  /** The release that took it. */
  readonly banso: string
  /** Major version, as `PG_VERSION` has it. */
  readonly postgres: string
  /** Whether the system was running. */
  readonly online: boolean
  readonly files: readonly BackupFile[]
}

export const writeManifest = (folder: string, facts: Omit<Manifest, 'format'>): Promise<void> =>
  writeFile(join(folder, MANIFEST), `${JSON.stringify({ format: FORMAT, ...facts }, undefined, 1)}\n`)

export const readManifest = (folder: string): Manifest => {
  const file = join(folder, MANIFEST)
  if (!existsSync(file)) throw new Error(`${folder} holds no backup: there is no ${MANIFEST} in it`)
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest | { readonly format: number }
  if ('files' in manifest && manifest.format === FORMAT) return manifest
  throw new Error(`${file} is of format ${manifest.format}; this release reads ${FORMAT}`)
}

export const hashOf = async (path: string): Promise<string> => {
  const file = openSync(path, 'r')
  try {
    const hash = createHash('sha256')
    await eachChunk(file, (chunk) => hash.update(chunk))
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}

/** Files of the backup that are missing or not what they were, in words. */
export const damageOf = async (folder: string, { files }: Manifest): Promise<string[]> => {
  const damaged: string[] = []
  for (const { path, sha256 } of files) {
    const file = join(folder, path)
    if (!existsSync(file)) damaged.push(`${path} is missing`)
    else if ((await hashOf(file)) !== sha256) damaged.push(`${path} is not what was backed up`)
  }
  return damaged
}
