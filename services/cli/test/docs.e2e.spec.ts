import { expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

it('banso docs --json tells its address as one JSON value on one line, and serves there', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../bin/banso.js'), 'docs', '--port', '0', '--json'])
  try {
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    expect(said.toString()).toMatch(/^.+\n$/)
    const { url } = JSON.parse(said.toString()) as { url: string }
    expect(await (await fetch(url)).text()).toContain('Banso: APIs and topics')
  } finally {
    child.kill('SIGINT')
    await once(child, 'close')
  }
})
