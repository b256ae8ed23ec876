import { runBanso } from '../src/program.ts'

export interface Run {
  readonly exit: number
  readonly out: string
  readonly err: string
}

/** Runs `banso …` in this process. */
export const runIn = async (
  place: { readonly environment: Record<string, string>; readonly folder: string },
  ...words: readonly string[]
): Promise<Run> => {
  let out = ''
  let err = ''
  const exit = await runBanso(words, { ...place, out: (text) => (out += text), err: (text) => (err += text) })
  return { exit, out, err }
}

/** Where no installation is: all is in the environment. */
export const run = (environment: Record<string, string>, ...words: readonly string[]): Promise<Run> =>
  runIn({ environment, folder: '/' }, ...words)
