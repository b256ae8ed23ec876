import { beforeEach, describe, expect, it } from '@jest/globals'
import kafkajs, { type Admin } from 'kafkajs'
import { KeptAdmin } from './kept-admin.ts'

let made: { connected: number; disconnected: number; gone: boolean }[]
let kept: KeptAdmin

/** A client of which only the connection matters. */
const makeAdmin = (): Admin => {
  const admin = new kafkajs.Kafka({ brokers: ['127.0.0.1:1'], logLevel: kafkajs.logLevel.NOTHING }).admin()
  const state = { connected: 0, disconnected: 0, gone: false }
  made.push(state)
  return Object.assign(admin, {
    connect: async () => void (state.connected += 1),
    disconnect: async () => void (state.disconnected += 1),
    describeCluster: async () => {
      if (state.gone) throw new Error('the broker is gone')
      return { clusterId: `of ${made.indexOf(state)}`, brokers: [], controller: 1 }
    },
  })
}

const clusterId = (): Promise<string> => kept.ask(async (admin) => (await admin.describeCluster()).clusterId)

describe('the client that is kept', () => {
  beforeEach(() => {
    made = []
    kept = new KeptAdmin(makeAdmin)
  })

  it('connects once for all questions, of which some come at once', async () => {
    expect(await Promise.all([clusterId(), clusterId()])).toEqual(['of 0', 'of 0'])
    expect(await clusterId()).toBe('of 0')
    await kept.close()
    expect(made).toEqual([{ connected: 1, disconnected: 1, gone: false }])
  })

  it('is another one after its broker has gone, and the question is answered', async () => {
    await clusterId()
    for (const state of made) state.gone = true
    expect(await Promise.all([clusterId(), clusterId()])).toEqual(['of 1', 'of 1'])
    await kept.close()
    expect(made.map(({ disconnected }) => disconnected > 0)).toEqual([true, true])
  })

  it('passes on what fails on a new one, too, and keeps none', async () => {
    const fails = () =>
      kept.ask(async () => {
        throw new Error('no such topic')
      })
    await expect(fails()).rejects.toThrow('no such topic')
    await clusterId()
    await expect(fails()).rejects.toThrow('no such topic')
    await kept.close()
    expect(made).toHaveLength(3)
    expect(made.every(({ disconnected }) => disconnected > 0)).toBe(true)
  })

  it('keeps nothing open after it was closed', async () => {
    await kept.close()
    expect(made).toEqual([])
    expect(await clusterId()).toBe('of 0')
    expect(await clusterId()).toBe('of 1')
    expect(made.map(({ disconnected }) => disconnected)).toEqual([1, 1])
  })
})
