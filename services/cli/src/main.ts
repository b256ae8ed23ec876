import { environment } from './config.ts'
import { runBanso } from './program.ts'

/** Whoever reads may have had enough (`banso … | head`): that is no fault. */
const endQuietly = (fault: NodeJS.ErrnoException): void => {
  if (fault.code !== 'EPIPE') throw fault
  process.exit(0)
}
process.stdout.on('error', endQuietly)
process.stderr.on('error', endQuietly)

process.exitCode = await runBanso(process.argv.slice(2), {
  environment: environment(),
  folder: process.cwd(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
})
