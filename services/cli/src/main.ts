import { environment } from './config.ts'
import { runBanso } from './program.ts'

process.exitCode = await runBanso(process.argv.slice(2), {
  environment: environment(),
  folder: process.cwd(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
})
