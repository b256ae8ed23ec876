// Which of the items of a list a command is about: some by id, or all of them up to a number.
import type { Command } from 'commander'
import { CommandError, EXIT } from '../exit-codes.ts'

export interface PickOptions {
  readonly all?: boolean
  readonly max?: string
}

export type Pick = { readonly ids: readonly string[] } | { readonly all: true; readonly max?: number }

export const withPicking = (command: Command): Command =>
  command
    .argument('[ids...]', 'these, by id')
    .option('--all', 'all of them, oldest first')
    .option('--max <n>', 'with --all: no more than so many')

export const pickOf = (ids: readonly string[], { all, max }: PickOptions): Pick => {
  if (all === true && ids.length > 0) throw new CommandError(EXIT.usage, 'name ids or --all, not both')
  if (all !== true && ids.length === 0) throw new CommandError(EXIT.usage, 'name the ids, or --all')
  if (all !== true && max !== undefined) throw new CommandError(EXIT.usage, '--max goes with --all')
  if (all !== true) return { ids }
  if (max === undefined) return { all }
  if (!/^[1-9]\d{0,8}$/.test(max)) throw new CommandError(EXIT.usage, `--max must be a whole number from 1 on: ${max}`)
  return { all, max: Number(max) }
}
