import { readFileSync } from 'node:fs'

type Texts = Readonly<Record<string, string>>

export interface FromFiles {
  /** What was given, and beside it what the files hold. */
  readonly given: Texts
  /** By the name of the setting; none shows what a file holds. */
  readonly faults: ReadonlyMap<string, string>
}

const codeOf = (fault: unknown): string =>
  typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : String(fault)

/** For each of `names`, `NAME_FILE` may name a file that holds the value: a secret mounted into a container. */
export const fromFiles = (names: readonly string[], given: Texts): FromFiles => {
  const read = new Map<string, string>()
  const faults = new Map<string, string>()
  for (const name of names) {
    const path = given[`${name}_FILE`]
    if (path === undefined) continue
    if (given[name] !== undefined) {
      faults.set(name, `${name} and ${name}_FILE are both set`)
      continue
    }
    try {
      const text = readFileSync(path, 'utf8').trim()
      if (text === '') faults.set(name, `${name}_FILE names an empty file, ${path}`)
      else read.set(name, text)
    } catch (fault) {
      faults.set(name, `${name}_FILE names ${path}, which cannot be read: ${codeOf(fault)}`)
    }
  }
  return { given: { ...given, ...Object.fromEntries(read) }, faults }
}
