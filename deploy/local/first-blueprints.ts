// A first start applies the starter blueprints: a scorecard, a journey, playbooks and their content to begin with.
import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const STARTER = 'deploy/blueprints/starter'
/** In the home; holds when it was done. */
const DONE_FILE = 'starter-applied'
const APPLY_WITHIN_MS = 60_000

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

interface Caller {
  /** What tells the command which installation is meant. */
  readonly options: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/** Without the launcher's environment, whose addresses and tokens may be those of another installation. */
const ofHome = (home: string): Caller => ({ options: ['--home', home], env: {} })

const banso = ({ options, env }: Caller, ...words: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const command = [join(root, 'services/cli/bin/banso.js'), ...options, '--json', ...words]
    execFile(process.execPath, command, { cwd: root, env, timeout: APPLY_WITHIN_MS }, (fault, out, err) =>
      resolve({ code: fault === null ? 0 : Number(fault.code ?? 1), out, err: err || (fault?.message ?? '') }),
    )
  })

/**
 * Once per folder `home`, as `banso apply` does it; a failure is said, is no reason to stop, and is tried again at the next
 * start. Whether they are in force, or were put in force before.
 */
export const firstBlueprints = async (
  home: string,
  say: (line: string) => void,
  caller = ofHome(home),
): Promise<boolean> => {
  const doneFile = join(home, DONE_FILE)
  if (existsSync(doneFile)) return true
  const { code, out, err } = await banso(caller, 'apply', STARTER)
  if (code !== 0) {
    say(
      `\nThe starter blueprints are not in force:\n${err.trimEnd()}\nThe next start, or npx banso apply ${STARTER}, tries again.`,
    )
    return false
  }
  writeFileSync(doneFile, `${new Date().toISOString()}\n`)
  const { documents } = JSON.parse(out) as { documents: readonly object[] }
  say(`blueprints ${documents.length} of ${STARTER} in force`)
  return true
}
