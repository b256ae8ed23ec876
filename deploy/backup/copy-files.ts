// Copies files one by one, hashing what is written.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BackupFile } from './manifest.ts'

const CHUNK_BYTES = 1024 * 1024

const isGone = (fault: unknown): boolean => fault instanceof Error && 'code' in fault && fault.code === 'ENOENT'

/** Undefined when the source is not there any more. */
export const copyFile = async (from: string, root: string, path: string): Promise<BackupFile | undefined> => {
  const source = await open(from).catch((fault: unknown) => {
    if (isGone(fault)) return undefined
    throw fault
  })
  if (!source) return undefined
  const to = join(root, path)
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const target = await open(to, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
    let bytes = 0
    for (;;) {
      const { bytesRead } = await source.read(buffer, 0, CHUNK_BYTES)
      if (bytesRead === 0) return { path, bytes, sha256: hash.digest('hex') }
      const chunk = buffer.subarray(0, bytesRead)
      hash.update(chunk)
      await target.write(chunk)
      bytes += bytesRead
    }
  } finally {
    await Promise.all([source.close(), target.close()])
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
