import { beforeEach, describe, expect, it } from '@jest/globals'
import { DocumentedAnswers, type Exchange } from './documented-answers.ts'

const account = {
  accountId: '97214a4c-fb15-53e4-b2e7-ee0e803ab15e',
  externalId: 'acme',
  namespace: 'default',
  name: null,
  segment: 'all',
  traits: { plan: 'pro' },
  firstObservedAt: '2026-01-15T01:40:12.900Z',
  lastObservedAt: '2026-01-15T01:40:12.900Z',
  people: 12,
}
const problem = { type: 'about:blank', title: 'Not Found', status: 404, detail: 'no', code: 'ACCOUNT_NOT_FOUND' }

/** The schemas of these are: an object, whose items are a `$ref`; a `$ref`; an `allOf` of a `$ref` and what it is narrowed to. */
const list = (item: object, more: object = {}): Exchange => answer('', 200, { items: [item], next: null, ...more })
const one = (body: object): Exchange => answer(`/${account.accountId}`, 200, body)
const refused = (body: object, status = 404): Exchange => answer('/other', status, body)

const answer = (path: string, status: number, body: unknown): Exchange => ({
  method: 'GET',
  url: `/v1/accounts${path}`,
  status,
  contentType: `application/${status < 400 ? 'json' : 'problem+json'}; charset=utf-8`,
  body,
})

describe('the documented answers of a service', () => {
  let answers: DocumentedAnswers
  beforeEach(() => {
    answers = new DocumentedAnswers('accounts')
  })

  it('take what is as documented, and know which operations were shown', () => {
    answers.check(list(account))
    answers.check(refused(problem))
    expect(answers.unseen).not.toContain('GET /v1/accounts')
    expect(answers.unseen).toContain('GET /v1/accounts/{id}')
    answers.check(one({ ...account, traits: { any: [1] } }))
    expect(answers.unseen).not.toContain('GET /v1/accounts/{id}')
    answers.check({ ...answer('', 404, problem), url: '/v1/nowhere' })
  })

  const { people: _, ...countless } = account
  const { detail: __, ...wordless } = problem
  it.each<readonly [string, Exchange, string]>([
    ['a field too many', list(account, { total: 1 }), 'body must not have additional properties'],
    ['a field too many of an item', list({ ...account, age: 1 }), 'body/items/0 must not have additional properties'],
    [
      'a field too many of what is referred to',
      one({ ...account, age: 1 }),
      'body must not have additional properties',
    ],
    [
      'a field too many of what is referred to and narrowed',
      refused({ ...problem, age: 1 }),
      'body must not have additional properties',
    ],
    ['another type', one({ ...account, people: '12' }), 'body/people must be integer'],
    ['none of several types', one({ ...account, name: 7 }), 'body/name must match a schema in anyOf'],
    ['what is no instant', one({ ...account, firstObservedAt: 'yesterday' }), 'body/firstObservedAt must match format'],
    ['an instant without a zone', list({ ...account, lastObservedAt: '2026-01-15T01:40:12' }), 'must match format'],
    ['what is no UUID', one({ ...account, accountId: 'acme' }), 'body/accountId must match format'],
    ['a field too few', one(countless), 'must have required properties people'],
    ['a field too few of what is referred to and narrowed', refused(wordless), 'must have required properties detail'],
    ['the code of another status', refused({ ...problem, code: 'TOKEN_INVALID' }), 'body/code must be'],
    ['a list for an object', one([]), 'body must be object'],
    ['a status that is not documented', refused({ ...problem, status: 410 }, 410), '410 is not documented'],
    [
      'a media type that is not documented',
      { ...one(account), contentType: 'text/html' },
      'is documented without text/html',
    ],
    [
      'a route that is not documented',
      { ...one(account), method: 'PATCH' },
      'PATCH /v1/accounts/97214a4c-fb15-53e4-b2e7-ee0e803ab15e',
    ],
  ])('refuse %s', (_what, exchange, fault) => {
    expect(() => answers.check(exchange)).toThrow(fault)
    expect(answers.unseen).toContain('GET /v1/accounts')
  })

  it('refuse a body where none is documented', () => {
    const deleted = { method: 'DELETE', url: '/v1/sources/web/keys/1', status: 204, contentType: undefined }
    const ingestion = new DocumentedAnswers('ingestion')
    ingestion.check({ ...deleted, body: '' })
    expect(() => ingestion.check({ ...deleted, body: {} })).toThrow('without a body')
  })
})
