import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeMemoryFolder, memoryFolderOf } from './memory-folder.ts'

describe('the folder in memory for what tests store', () => {
  it('is not made where this machine has no such place', () => {
    expect(makeMemoryFolder(undefined, { within: '/none/of/this/name' })).toBeUndefined()
  })

  it('is not made where there is too little of it, or another place was named', () => {
    expect(makeMemoryFolder(undefined, { leastBytes: Number.POSITIVE_INFINITY })).toBeUndefined()
    expect(makeMemoryFolder('/var/tmp', { leastBytes: 0 })).toBeUndefined()
  })

  const linux = process.platform === 'linux' ? describe : describe.skip
  linux('of a run that was killed', () => {
    const mine = memoryFolderOf(process.pid)
    const [, , space = ''] = mine.split('-')
    const gone = (): string => `banso-tests-${space}-${spawnSync('true').pid}-1-abcdef`
    let within: string
    beforeEach(() => {
      within = mkdtempSync(join(tmpdir(), 'banso-memory-'))
    })
    afterEach(() => rmSync(within, { recursive: true, force: true }))
    /** Makes these, and answers which are left when the next run has begun. */
    const leftOf = (...names: readonly string[]): string[] => {
      for (const name of names) mkdirSync(join(within, name, 'postgres'), { recursive: true })
      makeMemoryFolder(undefined, { within, leastBytes: Number.POSITIVE_INFINITY })
      return readdirSync(within)
    }

    it('is taken away, also when its number is that of another process by now', () => {
      expect(leftOf(gone(), `banso-tests-${space}-${process.pid}-1-abcdef`)).toEqual([])
    })

    it('stays while its run lives, here or, as far as can be told, in a container beside; and so does what is not ours', () => {
      const beside = gone().replace(`-${space}-`, '-1-')
      const names = [`${mine}abcdef`, beside, 'banso-tests-abcdef', 'postgresql'].toSorted()
      expect(leftOf(...names).toSorted()).toEqual(names)
    })

    it('stays while a process of it still works in there', async () => {
      const name = gone()
      const jest = spawn('sleep', ['60'], { env: { ...process.env, TMPDIR: join(within, name) } })
      await once(jest, 'spawn')
      expect(leftOf(name)).toEqual([name])
      const store = spawn('sleep', ['60'], { cwd: join(within, name, 'postgres') })
      await once(store, 'spawn')
      jest.kill()
      await once(jest, 'close')
      expect(leftOf(name)).toEqual([name])
      store.kill()
      await once(store, 'close')
      expect(leftOf(name)).toEqual([])
      expect(existsSync(join(within, name))).toBe(false)
    })
  })
})
