import { type Command, InvalidArgumentError } from 'commander'
import { openDocs } from '../docs/docs-server.ts'
import type { SessionOf } from '../session.ts'

const STANDARD_PORT = 4090

const portOf = (text: string): number => {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('a port is a number from 0 (any free one) to 65535.')
}

export const addDocsCommand = (program: Command, sessionOf: SessionOf): void => {
  program
    .command('docs')
    .description('serves the documents of all APIs and topics to this machine, until Ctrl-C; needs no internet')
    .option('--port <number>', 'where', portOf, STANDARD_PORT)
    .action(async ({ port }: { port: number }, command: Command) => {
      const docs = await openDocs(port)
      sessionOf(command).print({ url: docs.url }, () => `${docs.url}  (Ctrl-C ends)\n`)
      await docs.closed
    })
}
