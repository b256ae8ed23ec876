// A service whose start fails: `settings`, or `away`: a store does not answer. Runs on the built lib.
import { parseConfig, startService } from '@banso/platform'
import Type from 'typebox'

await startService('failing', async () => {
  if (process.argv[2] === 'settings') parseConfig(Type.Object({ PORT: Type.Integer() }), { PORT: 'x' })
  throw Object.assign(new Error(''), { code: 'ECONNREFUSED' })
})
