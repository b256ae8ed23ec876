import { describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const banso = join(import.meta.dirname, '../bin/banso.js')

describe('banso … | head', () => {
  it('ends quietly when nobody reads any more', async () => {
    const child = spawn(process.execPath, [banso, '--help'])
    child.stdout.destroy()
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
    const [code] = (await once(child, 'close')) as [number | null]
    expect({ code, complaint }).toEqual({ code: 0, complaint: '' })
  })
})
