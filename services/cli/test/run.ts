import { runBanso } from '../src/program.ts'

export interface Run {
  readonly exit: number
  readonly out: string
  readonly err: string
}

/** Runs `banso …` in this process, in a folder without an installation. */
export const banso = async (environment: Record<string, string>, ...words: string[]): Promise<Run> => {
  let out = ''
  let err = ''
  const exit = await runBanso(words, {
    environment,
    folder: '/',
    out: (text) => (out += text),
    err: (text) => (err += text),
  })
  return { exit, out, err }
}
