// `node --import ./tools/run-sources.ts --conditions=@banso/source …` runs our sources as they are, decorators included.
import { type JscConfig, transformSync } from '@swc/core'
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const written = JSON.parse(readFileSync(join(import.meta.dirname, '../.swcrc'), 'utf8')) as { jsc: JscConfig }
const jsc = { ...written.jsc, rewriteRelativeImportExtensions: false } // Node resolves the .ts files themselves

registerHooks({
  load: (url, context, nextLoad) => {
    if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/'))
      return nextLoad(url, context)
    const filename = fileURLToPath(url)
    // swcrc: else SWC merges .swcrc in again
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      swcrc: false,
      sourceMaps: 'inline',
      filename,
      jsc,
    })
    return { format: 'module', source: code, shortCircuit: true }
  },
})
