// This checkout as `npm ci` leaves it: nothing is built, nothing cached. What it depends on is shared with ours.
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'

const root = join(import.meta.dirname, '../..')
/** What comes of using a checkout. */
const MADE = new Set(['node_modules', 'dist', 'coverage', '.nx', '.banso', '.git'])
/** The packages of the house: links, relative to the checkout they are in. */
const HOUSE = '@banso'

const linkDependencies = (folder: string): void => {
  const [from, to] = [join(root, 'node_modules'), join(folder, 'node_modules')]
  mkdirSync(join(to, HOUSE), { recursive: true })
  for (const name of readdirSync(from)) if (name !== HOUSE) symlinkSync(join(from, name), join(to, name))
  for (const name of readdirSync(join(from, HOUSE)))
    symlinkSync(readlinkSync(join(from, HOUSE, name)), join(to, HOUSE, name))
  for (const own of globSync('{libs/*,services/*,deploy}/node_modules', { cwd: root }))
    symlinkSync(join(root, own), join(folder, own))
}

/** Makes it in `folder`, which must not be there. */
export const cleanCheckout = (folder: string): void => {
  if (existsSync(folder)) throw new Error(`${folder} is there already`)
  cpSync(root, folder, { recursive: true, filter: (path) => !MADE.has(basename(path)) })
  linkDependencies(folder)
}
