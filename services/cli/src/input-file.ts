import { readFile } from 'node:fs/promises'
import { CommandError, EXIT } from './exit-codes.ts'
import { parseJson } from './json.ts'

/** The text of a file named on the command line; `/dev/stdin` reads what is piped in. */
export const readText = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((fault: unknown) => {
    throw new CommandError(EXIT.usage, `cannot read ${file}`, [String(fault)])
  })

export const readJson = async (file: string): Promise<unknown> => {
  const document = parseJson(await readText(file))
  if (document === undefined) throw new CommandError(EXIT.usage, `${file} is not JSON`)
  return document
}
