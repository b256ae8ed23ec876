// What a step of a run under way waits for though its turn has come.
import { eventually, ticketOpened, ticketStatusChanged } from '@banso/testing'
import { describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { DAY, type Stepping } from './stepping.ts'

export const describeWaitingSteps = (running: () => Stepping): void => {
  describe('a run of a playbook that sells', () => {
    it('asks for nothing while a serious ticket is open, and goes on when it is solved', async () => {
      const stepping = running()
      const account = stepping.accountOf('sells')
      await stepping.put('sells', [{ id: 'pause', wait: { for: 'P1D' } }, stepping.call('/offer')], { selling: true })
      await stepping.turnRed(account)
      await stepping.waitingAt(account, 'pause')
      const ticket = {
        accountId: account,
        ticketId: 't',
        priority: 'urgent' as const,
        openedAt: stepping.clock.now().toISOString(),
      }
      await stepping.service.publish(ticketOpened({ ...ticket, status: 'open' }, { time: stepping.clock.now() }))
      await eventually(async () =>
        expect(await stepping.service.app.get(DataSource).query('SELECT FROM account_ticket')).not.toHaveLength(0),
      )
      stepping.clock.advance(DAY)
      const held = await stepping.waitingAt(account, 'offer')
      expect(held?.waiting).toMatchObject({ for: 'serious-ticket', until: null })
      expect(stepping.paths).toEqual([])
      await stepping.service.publish(
        ticketStatusChanged({ ...ticket, status: 'solved' }, { time: stepping.clock.now() }),
      )
      await stepping.service.runIn('done', account)
      expect(stepping.paths).toEqual(['/offer'])
    })
  })

  describe('a daily cap', () => {
    it('holds back what would be the first action of a run, and lets it start the next day', async () => {
      const stepping = running()
      const [one, two] = [randomUUID(), randomUUID()]
      const steps = [stepping.call('/capped', { dailyCap: 1 }), stepping.call('/after', { dailyCap: 1 })]
      await stepping.put('capped', steps, { audience: `account.id in ["${one}", "${two}"]` })
      await stepping.turnRed(one)
      await stepping.service.runIn('done', one)
      await stepping.turnRed(two)
      expect(await stepping.service.runIn('held-back', two)).toMatchObject({ reason: 'daily-cap' })
      stepping.clock.advance(DAY)
      await stepping.turnRed(two)
      await stepping.service.runIn('done', two)
      expect(stepping.paths).toEqual(['/capped', '/after', '/capped', '/after'])
    })

    it('lets a run under way wait for the next day', async () => {
      const stepping = running()
      const [one, two] = [randomUUID(), randomUUID()]
      const steps = [stepping.call('/free'), stepping.call('/scarce', { dailyCap: 1 })]
      await stepping.put('scarce', steps, { audience: `account.id in ["${one}", "${two}"]` })
      await stepping.turnRed(one)
      await stepping.service.runIn('done', one)
      await stepping.turnRed(two)
      const run = await stepping.waitingAt(two, 'scarce')
      expect(run?.waiting).toMatchObject({ for: 'cap', until: expect.stringMatching(/T00:00:00\.000Z$/) })
      stepping.clock.advance(DAY)
      await stepping.service.runIn('done', two)
      expect(stepping.paths).toEqual(['/free', '/scarce', '/free', '/scarce'])
    })
  })
}
