// What a command works with: the services, and where its answer goes.
import type { Command } from 'commander'
import { resolve } from 'node:path'
import {
  type Environment,
  loadSettings,
  type ServiceName,
  type Settings,
  tokenVariable,
  urlVariable,
  userOf,
} from './config.ts'
import { CommandError, EXIT } from './exit-codes.ts'
import { ServiceClient } from './http/service-client.ts'
import { listAt, textAt } from './json.ts'
import { type Column, renderFields, renderTable } from './output/table.ts'

/** What `banso` was started with. */
export interface Start {
  readonly environment: Environment
  /** Where the search for `.banso` begins. */
  readonly folder: string
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

const unknown = (what: string, variable: string): CommandError =>
  new CommandError(EXIT.usage, `${what} is not known: start Banso first, name its folder by --home, or set ${variable}`)

export class Session {
  constructor(
    private readonly start: Start,
    private readonly options: { readonly json?: boolean; readonly home?: string },
  ) {}

  settings(): Settings {
    return loadSettings(this.start.environment, this.start.folder, this.options.home)
  }

  /** Throws a CommandError when its address or its token is not known, or cannot be used. */
  service(name: ServiceName): ServiceClient {
    const { urls, tokens, faults } = this.settings()
    const fault = faults.get(name)
    if (fault !== undefined) throw fault
    const [url, token] = [urls.get(name), tokens.get(name)]
    if (url === undefined) throw unknown(`the address of ${name}`, urlVariable(name))
    if (token === undefined) throw unknown(`the token of ${name}`, tokenVariable(name))
    return new ServiceClient(name, url, token)
  }

  /** With `--json` the value alone, on one line; else what `text` makes of it for people. */
  print(value: unknown, text: () => string): void {
    this.start.out(this.options.json ? `${JSON.stringify(value)}\n` : text())
  }

  /** A page, `{ items, next }`. */
  printPage(page: unknown, columns: readonly Column[], none: string): void {
    this.print(page, () => {
      const items = listAt(page, 'items')
      const next = textAt(page, 'next')
      const table = items.length === 0 ? `${none}\n` : renderTable(items, columns)
      return next === undefined ? table : `${table}more: --cursor ${next}\n`
    })
  }

  /** Those of these fields that one object has, a line each. */
  printFields(value: unknown, fields: readonly Column[]): void {
    this.print(value, () => renderFields(value, fields))
  }

  /** The user of this machine, as its environment says. */
  user(): string | undefined {
    return userOf(this.start.environment)
  }

  /** Where a file is that was named on the command line. */
  fileAt(file: string): string {
    return resolve(this.start.folder, file)
  }
}

/** Gives the session of a command that runs, from its options. */
export type SessionOf = (command: Command) => Session
