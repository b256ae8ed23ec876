import { describe, expect, it } from '@jest/globals'
import { openUrgentLoad, scoreOfLoad, type Ticket } from './ticket.ts'

const ticket = (overrides: Partial<Ticket> = {}): Ticket => ({
  status: 'open',
  priority: 'urgent',
  openedOn: 100,
  ...overrides,
})

describe('open urgent load', () => {
  it('counts urgent tickets twice, and up to three times with age', () => {
    expect(openUrgentLoad([ticket()], 100)).toBe(2)
    expect(openUrgentLoad([ticket()], 107)).toBe(4)
    expect(openUrgentLoad([ticket()], 114)).toBe(6)
    expect(openUrgentLoad([ticket()], 400)).toBe(6)
    expect(openUrgentLoad([ticket({ priority: 'high' })], 107)).toBe(2)
    expect(openUrgentLoad([ticket(), ticket({ priority: 'high', openedOn: 93 })], 100)).toBe(4)
  })

  it('counts neither normal tickets, nor solved ones, nor those that are yet to be opened', () => {
    expect(
      openUrgentLoad(
        [
          ticket({ priority: 'normal' }),
          ticket({ priority: 'low' }),
          ticket({ priority: null }),
          ticket({ status: 'solved' }),
          ticket({ status: 'closed' }),
          ticket({ openedOn: 101 }),
        ],
        100,
      ),
    ).toBe(0)
    expect(openUrgentLoad([ticket({ status: 'pending' }), ticket({ status: 'hold' })], 100)).toBe(4)
  })

  it('is worth 100 without any, 80 for a fresh urgent one, 50 at four', () => {
    expect(scoreOfLoad(0)).toBe(100)
    expect(scoreOfLoad(2)).toBe(80)
    expect(scoreOfLoad(4)).toBe(50)
    expect(scoreOfLoad(8)).toBe(20)
  })
})
