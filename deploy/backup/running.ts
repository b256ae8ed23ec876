// Whether the stores of a home are running, told by what they leave in their folders.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listening } from '../local/preflight.ts'

const isTaken = async (port: number): Promise<boolean> => (await listening(port, '127.0.0.1')) === 'EADDRINUSE'

const portIn = (file: string, port: (text: string) => string | undefined): number | undefined => {
  if (!existsSync(file)) return undefined
  const found = Number(port(readFileSync(file, 'utf8')))
  return Number.isInteger(found) && found > 0 ? found : undefined
}

/** The port of the home's Postgres while it runs. */
export const runningPostgres = async (home: string): Promise<number | undefined> => {
  // The fourth line; the file goes when the server stops in order.
  const port = portIn(join(home, 'postgres/postmaster.pid'), (text) => text.split('\n')[3])
  return port !== undefined && (await isTaken(port)) ? port : undefined
}

/** Whether the home's own Kafka runs. */
export const isKafkaRunning = async (home: string): Promise<boolean> => {
  const file = join(home, 'kafka/server.properties')
  const port = portIn(file, (text) => /^listeners=PLAINTEXT:\/\/[^:]+:(\d+)/m.exec(text)?.[1])
  return port !== undefined && (await isTaken(port))
}
