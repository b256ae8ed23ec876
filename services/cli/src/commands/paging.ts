import type { Command } from 'commander'

export interface PageOptions {
  readonly limit?: string
  readonly cursor?: string
}

/** The options of every list; the services check them. */
export const withPaging = (command: Command): Command =>
  command.option('--limit <n>', 'most items of this page').option('--cursor <cursor>', 'go on where a page ended')

export const pageQuery = ({ limit, cursor }: PageOptions): Record<string, string | undefined> => ({ limit, cursor })
