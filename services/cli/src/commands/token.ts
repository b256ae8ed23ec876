import { Argument, type Command } from 'commander'
import { services } from '../config.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import { renderTable } from '../output/table.ts'
import type { SessionOf } from '../session.ts'

export const addTokenCommand = (program: Command, sessionOf: SessionOf): void => {
  program
    .command('token')
    .description('addresses and tokens of the services; with a service its token alone, for scripts')
    .addArgument(new Argument('[service]').choices(services))
    .action((service: string | undefined, _: unknown, command: Command) => {
      const session = sessionOf(command)
      const { home, urls, tokens, faults } = session.settings()
      if (service !== undefined) {
        const token = tokens.get(service)
        if (token === undefined)
          throw faults.get(service) ?? new CommandError(EXIT.usage, `the token of ${service} is not known`)
        session.print({ service, token }, () => `${token}\n`)
        return
      }
      const rows = ['capture', ...services].map((name) => ({
        service: name,
        url: urls.get(name) ?? null,
        token: tokens.get(name) ?? null,
      }))
      session.print({ home, services: rows }, () =>
        renderTable(rows, [
          { title: 'service', of: 'service' },
          { title: 'address', of: 'url' },
          { title: 'token', of: 'token' },
        ]),
      )
      const [fault] = faults.values()
      if (fault) throw fault
    })
}
