// Who says something to a service: it is kept with what was said.
import type { Command } from 'commander'
import { CommandError, EXIT } from '../exit-codes.ts'
import type { Session } from '../session.ts'

export interface SaidOptions {
  readonly by?: string
}

export const withSaid = (command: Command): Command =>
  command.option('--by <name>', 'who says so (default: the user of this machine)')

export const saidBy = (session: Session, { by }: SaidOptions): string => {
  const name = by ?? session.user()
  if (name === undefined) throw new CommandError(EXIT.usage, 'say who you are: --by <name>')
  return name
}
