// `npm run restore -- <folder>`: puts a backup into a home without data; the next `npm start` goes on from it.
import { resolve } from 'node:path'
import { homeOf } from '../local/home.ts'
import { restoreBackup } from './restore-backup.ts'

const [folder, ...more] = process.argv.slice(2)
if (folder === undefined || more.length > 0) {
  console.error('usage: npm run restore -- <folder>   (BANSO_HOME names the data folder, default .banso)')
  process.exit(2)
}
try {
  const home = homeOf(process.env)
  const { takenAt, banso } = await restoreBackup(resolve(folder), home)
  console.log(`${home} is as it was at ${takenAt}, taken by Banso ${banso}. Start it: npm start`)
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exit(1)
}
