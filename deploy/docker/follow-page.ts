// What docs/operate/compose.md tells an operator to type, typed on a project of its own.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stage } from '../drive/stage.ts'
import { type ComposedSystem, makeSecrets, secretsOf } from './composed.ts'

type Say = (line: string) => void

const OWN_CONTENT = 'kind: Content\nname: we-noticed\nspec:\n  subject: { en: Can we help? }\n  body: { en: Hello }\n'

const changePassword = async ({ home, system: { compose } }: Stage<ComposedSystem>): Promise<void> => {
  const file = join(secretsOf(home), 'POSTGRES_PASSWORD')
  rmSync(file)
  await makeSecrets(secretsOf(home))
  const statement = `ALTER ROLE postgres PASSWORD '${readFileSync(file, 'utf8').trim()}'`
  await compose('exec', '-T', 'postgres', 'psql', '-U', 'postgres', '-c', statement)
  await compose('up', '--detach', '--wait', '--force-recreate')
}

export const followPage = async (stage: Stage<ComposedSystem>, say: Say): Promise<void> => {
  const { compose } = stage.system
  const step = async (what: string, prints: string, words: readonly string[]): Promise<void> => {
    const output = await compose('run', '--rm', ...words)
    if (!output.includes(prints)) throw new Error(`${what} does not print ${prints}:\n${output}`)
    say(`ok  ${what}`)
  }
  const mine = join(stage.home, 'my-blueprints')
  mkdirSync(mine, { mode: 0o755 })
  writeFileSync(join(mine, 'we-noticed.yaml'), OWN_CONTENT, { mode: 0o644 })
  await step('banso status', 'running', ['banso', 'status'])
  await step('banso sources create', 'app', ['banso', 'sources', 'create', 'app'])
  await step('banso keys create', 'write key', ['banso', 'keys', 'create', 'app'])
  await step('banso apply of a folder', 'we-noticed', ['-v', `${mine}:/mine:ro`, 'banso', 'apply', '/mine'])
  await changePassword(stage)
  say('ok  another password of Postgres, everything made anew')
  await step('banso doctor', 'nothing is wrong', ['banso', 'doctor'])
}
