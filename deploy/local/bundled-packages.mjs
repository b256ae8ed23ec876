// Where the bundle of packages is that tools/bundle-packages.ts makes, and what is in it.
import { createHash } from 'node:crypto'
import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
export const bundleFolder = join(root, 'node_modules/.cache/banso-packages')

/** Of the versions of all packages. */
export const lockHash = () =>
  createHash('sha1')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')

/** The file of each bundled package, by the name that it is imported by; empty where there is no bundle of these versions. */
export const bundledPackages = () => {
  try {
    const { lock, files } = JSON.parse(readFileSync(join(bundleFolder, 'index.json'), 'utf8'))
    if (lock !== lockHash()) return new Map()
    const folder = realpathSync(bundleFolder) // as the files name one another, or they would be there twice
    return new Map(Object.entries(files).map(([name, file]) => [name, join(folder, file)]))
  } catch {
    return new Map()
  }
}
