// A Postgres that somebody else runs, for systems that are given its URL: its administrator makes roles and databases, and
// is no superuser.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { connectWhenReady, initialisePostgres, postgresCommand } from '../local/postgres.ts'
import { Supervisor } from '../local/supervise.ts'

const ADMIN = 'admin'
const READY_MS = 30_000
const GRACE_MS = 10_000

export interface OwnPostgres {
  /** Of its administrator. */
  readonly url: string
  stop(): Promise<void>
}

/** Its data in `folder`, which the user `postgres` can reach. */
export const startOwnPostgres = async (folder: string, port: number): Promise<OwnPostgres> => {
  const [directory, password] = [join(folder, 'own-postgres'), randomBytes(12).toString('hex')]
  await initialisePostgres(directory, password)
  const supervisor = new Supervisor((line) => process.stderr.write(`${line}\n`))
  const stop = (): Promise<void> => {
    supervisor.close()
    return supervisor.stop('postgres', GRACE_MS)
  }
  const command = await postgresCommand(directory, port, join(folder, 'own-postgres.log'))
  supervisor.start('postgres', { kind: 'store', ...command })
  try {
    const urlAs = (user: string): string => `postgres://${user}:${password}@127.0.0.1:${port}/postgres`
    const client = await connectWhenReady(urlAs('postgres'), READY_MS)
    await client.query(`CREATE ROLE ${ADMIN} LOGIN CREATEROLE CREATEDB PASSWORD '${password}'`)
    await client.end()
    return { url: urlAs(ADMIN), stop }
  } catch (fault) {
    await stop()
    throw fault
  }
}
