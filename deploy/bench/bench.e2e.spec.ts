import { describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROUNDS = 3
/** Of those that start services in each. */
const DEAR_ROUNDS = 1

/** What a bench says of a run so small that nobody judges how fast it was. */
const bench = async (rounds: number, ...args: string[]): Promise<object> => {
  const command = [join(import.meta.dirname, 'bench.ts'), ...args, '--rounds', String(rounds), '--json']
  const env = { ...process.env, NODE_OPTIONS: '', KAFKA_BROKERS: '' }
  const { stdout } = await promisify(execFile)(process.execPath, command, { env }).catch(
    (fault: { stderr: string }) => {
      throw new Error(fault.stderr)
    },
  )
  return JSON.parse(stdout) as object
}

/** By product and floor. */
const both = (rounds: number, events: number) => ({
  rounds,
  accepted: 2 * rounds * events,
  appended: 2 * rounds * events,
})

const speed: unknown = expect.any(Number) // null: there was nothing to measure

describe('npm run bench, small, against its floors', () => {
  it('counts what capture, sorter, outbox and fold accept in the log', async () => {
    const [events, few] = [8_000, 3_000]
    const [capture, sorter, outbox, fold] = await Promise.all([
      bench(ROUNDS, 'capture', '--events', String(few)),
      bench(DEAR_ROUNDS, 'sorter', '--events', String(events)),
      bench(ROUNDS, 'outbox', '--events', String(few)),
      bench(DEAR_ROUNDS, 'fold', '--events', String(events), '--accounts', '50'),
    ])
    const shown = { log: 'embedded', ratio: speed, kept: true }
    expect(capture).toMatchObject({ ...shown, ...both(ROUNDS, few), perSecond: speed, floorPerSecond: speed })
    expect(sorter).toMatchObject({ ...shown, ...both(DEAR_ROUNDS, events), perSecond: speed, floorPerSecond: speed })
    expect(outbox).toMatchObject({ ...shown, ...both(ROUNDS, few), perSecond: speed, floorPerSecond: speed })
    const all = DEAR_ROUNDS * events
    const sizes = [{ accounts: 50, foldPerSecond: speed, floorPerSecond: speed, ratio: speed }]
    expect(fold).toMatchObject({
      ...shown,
      rounds: DEAR_ROUNDS,
      sizes,
      accepted: all,
      appended: all,
      folded: all,
      floorFolded: all,
    })
  }, 300_000)
})
