// Runs one store (Postgres, a Kafka broker) as its child, in a process group of its own: lives as long as the launcher,
// passes the store's stop signal on when the channel to the launcher closes, ends when the store ends.
import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'

export interface StoreCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly log: string
  readonly stopSignal: NodeJS.Signals
  readonly uid?: number
  readonly gid?: number
}

// The callback keeps a launcher that is gone from being an error, which would end us before the store.
const tell = (message: object): void => void process.send?.(message, undefined, undefined, () => {})

const keep = (store: StoreCommand): void => {
  const log = openSync(store.log, 'a')
  const child = spawn(store.command, store.args, {
    cwd: store.cwd,
    stdio: ['ignore', log, log],
    ...(store.uid !== undefined && store.gid !== undefined && { uid: store.uid, gid: store.gid }),
  })
  const stop = () => child.kill(store.stopSignal)
  process.on('disconnect', stop)
  process.on('SIGTERM', stop)
  process.on('SIGINT', () => {}) // a Ctrl-C is the launcher's business
  child.once('error', (fault) => {
    tell({ fault: fault.message })
    process.exit(1)
  })
  child.once('exit', (code) => process.exit(code ?? 1))
  tell({ pid: child.pid })
  if (!process.connected) stop() // the launcher went before we listened
}

if (import.meta.main) {
  const [, , spec = ''] = process.argv
  keep(JSON.parse(spec) as StoreCommand)
}
