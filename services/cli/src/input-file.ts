import { readFile } from 'node:fs/promises'
import { CommandError, EXIT } from './exit-codes.ts'

/** The text of a file named on the command line; `/dev/stdin` reads what is piped in. */
export const readText = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((fault: unknown) => {
    throw new CommandError(EXIT.usage, `cannot read ${file}`, [String(fault)])
  })

export const readJson = async (file: string): Promise<unknown> => {
  const text = await readText(file)
  try {
    return JSON.parse(text)
  } catch (fault) {
    throw new CommandError(EXIT.usage, `${file} is not JSON`, [String(fault)])
  }
}
