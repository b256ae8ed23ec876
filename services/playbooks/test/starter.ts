// The starter blueprints of this service.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const starter = join(import.meta.dirname, '../../../deploy/blueprints/starter')

/** Names of the blueprints in `playbooks` or `content`, in order. */
export const starterNames = (folder: 'playbooks' | 'content'): string[] =>
  globSync('*.yaml', { cwd: join(starter, folder) })
    .map((file) => file.replace('.yaml', ''))
    .toSorted()

/** One as it stands in its file. */
export const starterDocument = (folder: 'playbooks' | 'content', name: string): unknown =>
  parse(readFileSync(join(starter, folder, `${name}.yaml`), 'utf8'))
