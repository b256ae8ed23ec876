import { accountScored, bandChanged, recordOf } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { accountsOn, ServiceFixture } from '../../test/service-fixture.suite.ts'
import { sentSequences } from './log-tail.ts'

let fixture: ServiceFixture

const changed = (key: string, writer: string, sequence: number) =>
  recordOf(bandChanged({ accountId: key }), { writer, sequence })

export const describeLogTail = (): void => {
  describe('sentSequences', () => {
    beforeAll(async () => {
      fixture = await ServiceFixture.open()
    })
    afterAll(() => fixture.close())

    it('finds nothing in an empty log', async () => {
      expect(await sentSequences(await fixture.log(), 'health')).toEqual(new Map())
    })

    it('gives the highest per generation over all partitions and topics, whatever stands last', async () => {
      const log = await fixture.log()
      const [first = ''] = accountsOn(1, 1)
      const [second = ''] = accountsOn(2, 1)
      await log.append([
        ...Array.from({ length: 300 }, (_, at) => changed(first, 'outbox/health/1', at + 1)),
        changed(first, 'outbox/health/1', 7), // sent again
        changed(second, 'outbox/health/2', 12),
        changed(second, 'outbox/health/3', 4),
        changed(second, 'outbox/accounts/9', 5_000),
        changed(second, 'received/log/1', 9_000),
        recordOf(accountScored({ accountId: first }), { writer: 'outbox/health/2', sequence: 340 }),
      ])
      expect(await sentSequences(log, 'health')).toEqual(
        new Map([
          [1, 300],
          [2, 340],
          [3, 4],
        ]),
      )
    })
  })
}
