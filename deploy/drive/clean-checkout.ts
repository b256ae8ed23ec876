// This checkout as `npm ci` leaves it: nothing is built, nothing cached. What it depends on is shared with ours.
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { bundleFolder } from '../local/bundled-packages.mjs'

const root = join(import.meta.dirname, '../..')
/** What comes of using a checkout. */
const MADE = new Set(['node_modules', 'dist', 'coverage', '.nx', '.banso', '.git'])
/** The packages of the house: links, relative to the checkout they are in. */
const HOUSE = '@banso'
/** What is kept beside the packages; of it the bundle of them is built. */
const KEPT = '.cache'
const BUNDLE = basename(bundleFolder)

const linkDependencies = (folder: string): void => {
  const [from, to] = [join(root, 'node_modules'), join(folder, 'node_modules')]
  for (const part of ['', HOUSE, KEPT]) mkdirSync(join(to, part), { recursive: true })
  const link = (part: string, name: string, target: string) => symlinkSync(target, join(to, part, name))
  for (const name of readdirSync(from)) if (name !== HOUSE && name !== KEPT) link('', name, join(from, name))
  for (const name of readdirSync(join(from, KEPT))) if (name !== BUNDLE) link(KEPT, name, join(from, KEPT, name))
  for (const name of readdirSync(join(from, HOUSE))) link(HOUSE, name, readlinkSync(join(from, HOUSE, name)))
  for (const own of globSync('{libs/*,services/*,deploy}/node_modules', { cwd: root }))
    symlinkSync(join(root, own), join(folder, own))
}

/** Makes it in `folder`, which must not be there. */
export const cleanCheckout = (folder: string): void => {
  if (existsSync(folder)) throw new Error(`${folder} is there already`)
  cpSync(root, folder, { recursive: true, filter: (path) => !MADE.has(basename(path)) })
  linkDependencies(folder)
}
