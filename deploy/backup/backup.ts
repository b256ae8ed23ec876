// `npm run backup -- <folder>`: all databases, the embedded log and the secrets of the home, while it runs.
import { resolve } from 'node:path'
import { homeOf } from '../local/home.ts'
import { takeBackup } from './take-backup.ts'

const [folder, ...more] = process.argv.slice(2)
if (folder === undefined || more.length > 0) {
  console.error('usage: npm run backup -- <folder>   (BANSO_HOME names the data folder, default .banso)')
  process.exit(2)
}
try {
  const began = Date.now()
  const { files, online } = await takeBackup(homeOf(process.env), resolve(folder))
  const megabytes = Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1024 ** 2)
  const how = online ? 'while it ran' : 'while it was stopped'
  console.log(
    `${resolve(folder)}: ${megabytes} MB in ${files.length} files, taken ${how}, in ${Date.now() - began} ms.`,
  )
  console.log('It holds the master key and all passwords: keep it like them.')
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exit(1)
}
