import { segmentCallReceived, zendeskTicketReceived } from '@banso/testing'
import { golden } from '@banso/testing/golden.ts'
import { describe, expect, it } from '@jest/globals'
import { accountIdOf } from './account-id.ts'
import { attribute, claimOf } from './attribution.ts'
import type { Received } from './received.ts'

const { call } = golden('ingestion.segment-call-received.v1').data
const { ticket } = golden('ingestion.zendesk-ticket-received.v1').data

const said = (more: Partial<typeof call>): Received => {
  const { type, data } = segmentCallReceived({ namespace: 'ns', call: { ...call, context: {}, ...more } })
  return { type, data }
}
const ticketOf = (more: Partial<typeof ticket>): Received => {
  const { type, data } = zendeskTicketReceived({ namespace: 'ns', ticket: { ...ticket, ...more } })
  return { type, data }
}
const user = { namespace: 'ns', kind: 'user', externalId: 'u-1' }

describe('claimOf', () => {
  it('reads the account from the context, and the person', () => {
    const claim = claimOf(said({ userId: 'u-1', anonymousId: 'a-1', context: { groupId: 'acme' } }))
    expect(claim).toEqual({ accountExternalId: 'acme', person: user, joins: false, sealsForAccount: false })
  })

  it('joins person and account by a group call only', () => {
    const claim = claimOf(said({ type: 'group', userId: 'u-1', groupId: 'acme', context: { groupId: 'other' } }))
    expect(claim).toMatchObject({ accountExternalId: 'acme', person: user, joins: true })
  })

  it('knows an anonymous person as such', () => {
    const { userId: _, ...anonymous } = call
    const received = segmentCallReceived({ namespace: 'ns', call: { ...anonymous, anonymousId: 'a-1', context: {} } })
    expect(claimOf(received)).toEqual({
      person: { namespace: 'ns', kind: 'anonymous', externalId: 'a-1' },
      joins: false,
      sealsForAccount: false,
    })
  })

  it('needs a key of the account for its own personal traits, and for a ticket of nobody', () => {
    const group = { type: 'group', userId: 'u-1', groupId: 'acme' } as const
    expect(claimOf(said({ ...group, traits: { name: 'Acme' } })).sealsForAccount).toBe(false)
    expect(claimOf(said({ ...group, traits: { email: 'x' } })).sealsForAccount).toBe(true)
    expect(claimOf(ticketOf({ requesterExternalId: null })).sealsForAccount).toBe(true)
    expect(claimOf(ticketOf({ requesterExternalId: 'u-1' }))).toMatchObject({ person: user, sealsForAccount: false })
  })
})

describe('attribute', () => {
  const claim = claimOf(said({ userId: 'u-1' }))

  it('always takes the account that the event names', () => {
    expect(attribute(claim, 'named', ['other', 'another'])).toEqual({ accountId: 'named' })
  })

  it('takes the only account of the person', () => {
    expect(attribute(claim, undefined, ['a'])).toEqual({ accountId: 'a' })
  })

  it.each([
    [undefined, 'PERSON_UNKNOWN'],
    [[], 'PERSON_WITHOUT_ACCOUNT'],
    [['a', 'b'], 'PERSON_IN_SEVERAL_ACCOUNTS'],
  ])('with memberships %j quarantines: %s', (memberships, quarantine) => {
    expect(attribute(claim, undefined, memberships)).toEqual({ quarantine })
  })

  it('quarantines a ticket of nobody from nowhere', () => {
    const nobody = claimOf(ticketOf({ requesterExternalId: null, organizationExternalId: null }))
    expect(attribute(nobody, undefined, undefined)).toEqual({ quarantine: 'SENDER_UNKNOWN' })
  })
})

describe('accountIdOf', () => {
  it('never changes', () => {
    expect(accountIdOf('default', 'acme')).toBe('1b641476-ea1f-5837-a1ef-df5c6b8aedfc')
  })

  it('is another one in another namespace', () => {
    expect(accountIdOf('other', 'acme')).not.toBe(accountIdOf('default', 'acme'))
  })
})
