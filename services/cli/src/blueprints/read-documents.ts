// The files that are named on the command line, folders with all that is in them.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError, EXIT } from '../exit-codes.ts'
import { readText } from '../input-file.ts'
import { type Documents, documentsIn, doubled, inOrder } from './documents.ts'

const BLUEPRINT_FILE = /\.(ya?ml|json)$/
const SCHEMA_FILE = /\.schema\.json$/

const unreadable =
  (path: string) =>
  (fault: unknown): never => {
    throw new CommandError(EXIT.usage, `cannot read ${path}`, [String(fault)])
  }

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(unreadable(path))).isDirectory()

/** The blueprints below a folder, by name; what begins with a dot, and JSON Schemas, are passed over. */
const filesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(unreadable(folder))
  const seen = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
  const files = await Promise.all(
    seen
      .toSorted((left, right) => (left.name < right.name ? -1 : 1))
      .map(async ({ name }) => {
        const path = join(folder, name)
        if (await isFolder(path)) return filesIn(path)
        return BLUEPRINT_FILE.test(name) && !SCHEMA_FILE.test(name) ? [path] : []
      }),
  )
  return files.flat()
}

/** `fileAt` says where a path of the command line is; documents and faults keep the path as it was given. */
export const readDocuments = async (paths: readonly string[], fileAt: (path: string) => string): Promise<Documents> => {
  const files = await Promise.all(
    paths.map(async (path) => {
      const place = fileAt(path)
      if (!(await isFolder(place))) return [{ shown: path, place }]
      const found = await filesIn(place)
      return found.map((file) => ({ shown: join(path, file.slice(place.length)), place: file }))
    }),
  )
  const read = await Promise.all(
    files.flat().map(async ({ shown, place }) => documentsIn(shown, await readText(place))),
  )
  const documents = inOrder(read.flatMap((one) => one.documents))
  const faults = [...read.flatMap((one) => one.faults), ...doubled(documents)]
  if (documents.length === 0 && faults.length === 0)
    throw new CommandError(EXIT.usage, `there is no blueprint in ${paths.join(', ')}`)
  return { documents, faults }
}
