// Copies files one by one, hashing what is written.
import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { eachChunk } from './chunks.ts'
import type { BackupFile } from './manifest.ts'

const isGone = (fault: unknown): boolean => fault instanceof Error && 'code' in fault && fault.code === 'ENOENT'

const openIfThere = (file: string): number | undefined => {
  try {
    return openSync(file, 'r')
  } catch (fault) {
    if (isGone(fault)) return undefined
    throw fault
  }
}

const writeHashed = async (source: number, to: string): Promise<Omit<BackupFile, 'path'>> => {
  const target = openSync(to, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    let bytes = 0
    await eachChunk(source, (chunk) => {
      hash.update(chunk)
      writeFileSync(target, chunk)
      bytes += chunk.length
    })
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    closeSync(target)
  }
}

/** Undefined when the source is not there any more. */
export const copyFile = async (from: string, root: string, path: string): Promise<BackupFile | undefined> => {
  const source = openIfThere(from)
  if (source === undefined) return undefined
  try {
    const to = join(root, path)
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
    return { path, ...(await writeHashed(source, to)) }
  } finally {
    closeSync(source)
  }
}

type LeaveOut = (path: string) => boolean

/** Paths of all files below a folder, relative to it, with `/`; those that `leaveOut` names, and what is in them, not. */
export const filesBelow = (folder: string, leaveOut: LeaveOut, at = ''): string[] =>
  entriesOf(folder, leaveOut, at).flatMap(({ path, kind }) =>
    kind === 'folder' ? filesBelow(folder, leaveOut, path) : [path],
  )

/** Makes every folder below one, empty ones too: Postgres wants all of its own. */
export const makeFoldersOf = (from: string, to: string, leaveOut: LeaveOut = () => false, at = ''): void => {
  mkdirSync(join(to, at), { recursive: true, mode: 0o700 })
  for (const { path, kind } of entriesOf(from, leaveOut, at))
    if (kind === 'folder') makeFoldersOf(from, to, leaveOut, path)
}

interface Entry {
  readonly path: string
  readonly kind: 'file' | 'folder'
}

const entriesOf = (folder: string, leaveOut: LeaveOut, at: string): Entry[] =>
  readdirSync(join(folder, at), { withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry): Entry => ({
      path: at === '' ? entry.name : `${at}/${entry.name}`,
      kind: entry.isDirectory() ? 'folder' : 'file',
    }))
    .filter(({ path }) => !leaveOut(path))
