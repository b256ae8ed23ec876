import type { AccountObserved } from '@banso/contracts'
import { describe, expect, it } from '@jest/globals'
import { foldProfile, isNews, nameOf, type Observation, profiledOf, unobserved } from './profile.ts'

const accountId = '0a8ee9a5-6f1b-5d2c-9d3e-111111111111'
const said = (at: string, traits: Record<string, unknown>, more: Partial<AccountObserved> = {}): Observation => ({
  of: 'account',
  at,
  by: `e-${at}`,
  data: {
    accountId,
    receivedAt: at,
    source: 'app',
    messageId: `m-${at}`,
    externalId: 'acme',
    namespace: 'default',
    personId: null,
    traits,
    ...more,
  },
})
const sealed = (data: string) => ({ sealed: { subject: accountId, nonce: 'AAAAAAAAAAAAAAAA', data } })
const early = '2026-03-01T09:00:00.000Z'
const noon = '2026-03-01T12:00:00.000Z'
const nextDay = '2026-03-02T09:00:00.000Z'
const fold = (...observations: Observation[]) => {
  const [first, ...rest] = observations
  if (first === undefined) throw new Error('give an observation')
  return rest.reduce(foldProfile, foldProfile(unobserved(accountId), first))
}

describe('an account profile', () => {
  it('takes each trait from the newest event that said it', () => {
    const profile = fold(said(noon, { plan: 'pro' }), said(early, { plan: 'free', seats: 5 }))
    expect(profiledOf(profile)).toEqual({
      accountId,
      externalId: 'acme',
      namespace: 'default',
      name: null,
      segment: 'all',
      traits: { plan: 'pro', seats: 5 },
      firstObservedAt: early,
      lastObservedAt: noon,
    })
  })

  it('keeps the latest sealed field whole', () => {
    const profile = fold(said(noon, {}, sealed('new')), said(early, {}, sealed('old')), said(nextDay, {}))
    expect(profiledOf(profile).sealed?.data).toBe('new')
  })

  it('is known by its people alone, without an external id', () => {
    const profile = foldProfile(unobserved(accountId), {
      of: 'person',
      at: noon,
      by: 'e1',
      data: {
        accountId,
        receivedAt: noon,
        source: 'app',
        messageId: 'm',
        personId: 'p',
        traits: { name: 'not a company' },
      },
    })
    expect(profiledOf(profile)).toMatchObject({ externalId: null, name: null, traits: {}, lastObservedAt: noon })
  })

  it.each([
    ['Acme', 'Acme'],
    ['  株式会社 例  ', '株式会社 例'],
    [`a\u0000b\ud800`, 'ab\ufffd'],
    [`${'x'.repeat(199)}😀😀`, `${'x'.repeat(199)}😀`],
    ['', null],
    [7, null],
    [null, null],
  ])('names itself %j as %j', (name, expected) => {
    expect(nameOf(fold(said(noon, { name })).traits)).toBe(expected)
  })
})

describe('news of a profile', () => {
  const known = fold(said(early, { plan: 'free' }))

  it.each([
    ['the first observation', unobserved(accountId), said(early, {}), true],
    ['a trait changed', known, said(noon, { plan: 'pro' }), true],
    ['a trait added', known, said(noon, { seats: 3 }), true],
    ['a new day', known, said(nextDay, { plan: 'free' }), true],
    ['an earlier first observation', known, said('2026-02-01T00:00:00.000Z', {}), true],
    ['the same said again the same day', known, said(noon, { plan: 'free' }), false],
    [
      'an older value of a trait',
      fold(said(early, {}), said(noon, { plan: 'pro' })),
      said(early, { plan: 'free' }),
      false,
    ],
  ])('%s', (_, before, observation, expected) => {
    expect(isNews(before, foldProfile(before, observation))).toBe(expected)
  })
})
