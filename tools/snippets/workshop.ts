// A folder that looks like the checkout, in which the snippets of a page are run against one system. What they name and
// no system can give is replaced: the ports from 4001 to 4099 of 127.0.0.1 by those of the system, `<write key>` by its key.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root, type Snippet } from './snippets.ts'

export interface SystemUnderPage {
  readonly home: string
  readonly portBase: number
  readonly writeKey: string
}

interface Ran {
  readonly code: number | null
  readonly output: string
}

const AGAIN_WITHIN_MS = 30_000
const AGAIN_AFTER_MS = 500
const ENDS_WITHIN_MS = 60_000

/** What `npx` does with a command of an installed package, without npm's own second. */
const NPX = `#!/bin/sh\ncommand="$1"; shift; exec '${root}/node_modules/.bin/'"$command" "$@"\n`

export class Workshop {
  readonly #system: SystemUnderPage
  readonly #folder: string
  #count = 0

  constructor(system: SystemUnderPage, folder: string) {
    this.#system = system
    this.#folder = folder
    for (const name of ['node_modules', 'deploy', 'package.json']) symlinkSync(join(root, name), join(folder, name))
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'bin/npx'), NPX, { mode: 0o755 })
  }

  /** Rejects when the snippet does not do what its mark says. */
  async run(snippet: Snippet): Promise<void> {
    const { mark, page, line } = snippet
    const text = this.#fitted(snippet.text)
    const complain = ({ code, output }: Ran, missing: string): never => {
      throw new Error(`${page}:${line} ${missing} (exit code ${code}):\n${text}\n---\n${output}`)
    }
    if (mark?.kind === 'file') {
      const ran = await this.#planned(mark.path, text)
      if (ran.code !== 0) complain(ran, 'has faults')
    }
    if (mark?.kind !== 'run') return
    const deadline = mark.again ? Date.now() + AGAIN_WITHIN_MS : 0
    for (;;) {
      const ran = await this.#execute(snippet.language, text)
      const prints = squeezed(ran.output).includes(squeezed(mark.prints ?? ''))
      if (ran.code === 0 && prints) return
      if (Date.now() > deadline) complain(ran, ran.code === 0 ? `does not print "${mark.prints}"` : 'failed')
      await sleep(AGAIN_AFTER_MS)
    }
  }

  #fitted(text: string): string {
    const { portBase, writeKey } = this.#system
    return text
      .replaceAll(/127\.0\.0\.1:40(\d\d)\b/g, (_, port: string) => `127.0.0.1:${portBase + Number(port)}`)
      .replaceAll('<write key>', writeKey)
  }

  #planned(path: string, text: string): Promise<Ran> {
    const file = join(this.#folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${text}\n`)
    return this.#execute('sh', `npx banso plan ${path}`)
  }

  async #execute(language: string, text: string): Promise<Ran> {
    const module = `snippet-${(this.#count += 1)}.mjs`
    if (language === 'js') writeFileSync(join(this.#folder, module), text)
    const [command, ...args] = language === 'js' ? [process.execPath, module] : ['bash', '-euo', 'pipefail', '-c', text]
    const path = [join(this.#folder, 'bin'), join(root, 'node_modules/.bin'), process.env['PATH']].join(':')
    const child = spawn(command ?? '', args, {
      cwd: this.#folder,
      env: { ...process.env, PATH: path, BANSO_HOME: this.#system.home, NODE_OPTIONS: '' },
      timeout: ENDS_WITHIN_MS,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()))
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, output }
  }
}

/** Tables are as wide as what they hold. */
const squeezed = (text: string): string => text.replaceAll(/ +/g, ' ')
