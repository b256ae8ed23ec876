import { eventually } from '@banso/testing'
import { afterEach, describe, expect, it } from '@jest/globals'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'

interface Running {
  readonly child: ChildProcess
  readonly url: string
  /** What it printed so far. */
  readonly words: () => string[]
  readonly output: () => string
}

/** It loads Nest first, on a machine that may be busy. */
const LISTENS_WITHIN_MS = 25_000

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

const start = async (...args: string[]): Promise<Running> => {
  const child = fork(join(import.meta.dirname, 'stopping-service.ts'), args, { silent: true, execArgv: [] })
  children.push(child)
  let output = ''
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()))
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()))
  const url = await eventually(
    () => {
      const found = /listening (\S+)/.exec(output)?.[1]
      if (found === undefined) throw new Error(`not listening: ${output}`)
      return found
    },
    { timeoutMs: LISTENS_WITHIN_MS },
  )
  return { child, url, output: () => output, words: () => output.split('\n').filter((line) => /^[a-z-]+$/.test(line)) }
}

const exitOf = async (child: ChildProcess): Promise<unknown[]> =>
  child.exitCode === null && child.signalCode === null
    ? ((await once(child, 'exit')) as unknown[])
    : [child.exitCode, child.signalCode]

describe('ordered shutdown', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'on %s finishes the request under way, closes pools last, exits 0',
    async (signal) => {
      const { child, url, words } = await start()
      const answer = fetch(`${url}/slow`).then((response) => response.text())
      await eventually(() => expect(words()).toContain('request-begins'))
      child.kill(signal)
      expect(await answer).toBe('done')
      expect(await exitOf(child)).toEqual([0, null])
      expect(words()).toEqual(['request-begins', 'module-destroy', 'before-shutdown', 'request-ends', 'pools-close'])
    },
  )

  it('accepts no connection any more', async () => {
    const { child, url, words } = await start()
    const answer = fetch(`${url}/slow`).then((response) => response.text())
    await eventually(() => expect(words()).toContain('request-begins'))
    child.kill('SIGTERM')
    await eventually(() => expect(words()).toContain('before-shutdown'))
    await expect(fetch(`${url}/slow`, { headers: { connection: 'close' } })).rejects.toThrow('fetch failed')
    expect(await answer).toBe('done')
    await exitOf(child)
  })

  it('stops when the parent process is gone', async () => {
    const { child, words } = await start()
    child.disconnect()
    expect(await exitOf(child)).toEqual([0, null])
    expect(words().at(-1)).toBe('pools-close')
  })

  it('stops when the parent process went before anything was loaded', async () => {
    const child = fork(join(import.meta.dirname, 'stopping-service.ts'), [], { silent: true, execArgv: [] })
    children.push(child)
    child.disconnect()
    expect(await exitOf(child)).toEqual([0, null])
  })

  it('does not wait for a request whose body never ends', async () => {
    const { child, url } = await start()
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const headers = ['Host: a', 'Content-Type: application/json', 'Content-Length: 100', 'Expect: 100-continue']
    socket.write(`POST /slow HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n{`)
    const [begun] = (await once(socket, 'data')) as [Buffer]
    expect(begun.toString()).toContain('100 Continue')
    child.kill('SIGTERM')
    expect(await exitOf(child)).toEqual([0, null])
  })

  it('is cut off after its limit, with exit 1, and says what has not stopped', async () => {
    const { child, output } = await start('stuck')
    child.kill('SIGTERM')
    expect(await exitOf(child)).toEqual([1, null])
    await eventually(() => expect(output()).toContain('"limitMs":300,"unfinished":["the consumers"]'))
  })

  it('logs an error that nobody caught, without the data that it quotes, and exits 1', async () => {
    const { child, output } = await start('crash')
    expect(await exitOf(child)).toEqual([1, null])
    await eventually(() => expect(output()).toMatch(/"level":"fatal".*"type":"SyntaxError".*nobody caught an error/))
    expect(output()).not.toContain('alice')
  })
})
