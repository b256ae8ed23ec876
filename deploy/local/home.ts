import { join, resolve } from 'node:path'

/** The data folder: the one named by BANSO_HOME, else `.banso` of this checkout. */
export const homeOf = (env: NodeJS.ProcessEnv): string =>
  resolve(env['BANSO_HOME'] ?? join(import.meta.dirname, '../../.banso'))
