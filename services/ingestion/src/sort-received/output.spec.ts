import { type EventType, HEADER, topics } from '@banso/contracts'
import { decrypt, makeDataKey } from '@banso/platform'
import { accountObserved, segmentCallReceived, unlikeGolden, zendeskTicketReceived } from '@banso/testing'
import { golden } from '@banso/testing/golden.ts'
import { describe, expect, it } from '@jest/globals'
import { createSecretKey } from 'node:crypto'
import { emit } from '../domain/emission.ts'
import type { DataKey, Emitted, Resolution } from '../domain/emitted.ts'
import type { Received } from '../domain/received.ts'
import { outputRecord } from './output.ts'

const { accountId, personId, properties } = golden('ingestion.product-used.v1').data
const { call } = golden('ingestion.segment-call-received.v1').data
const { ticket } = golden('ingestion.zendesk-ticket-received.v1').data
const at = { logId: 'Qm3kXv0YTJ-2mZ8sC1yEwA/1', partition: 7, offset: 18_220 }
const resolution: Resolution = { state: 'accepted', accountId, personId, personMade: false, accountKeyMade: false }
const keyOf = (): DataKey => ({ key: createSecretKey(makeDataKey()), wrapped: 'd3JhcHBlZA==' })
const dataKeys = new Map([
  [personId, keyOf()],
  [accountId, keyOf()],
])

const outputs = (received: Received, more: Partial<Resolution> = {}, offset = at.offset): Emitted[] =>
  emit({ received, at: { ...at, offset }, resolution: { ...resolution, ...more }, dataKeys })
const segment = (more: Partial<typeof call>, kind: 'server' | 'browser' = 'server') => {
  const { data } = segmentCallReceived({ keyKind: kind, call: { ...call, ...more } })
  return { type: 'ingestion.segment-call-received.v1', data } as const
}
const desk = (more: Partial<typeof ticket>) => {
  const { data } = zendeskTicketReceived({ ticket: { ...ticket, ...more } })
  return { type: 'ingestion.zendesk-ticket-received.v1', data } as const
}
const opened = (event: Emitted | undefined): unknown => {
  const sealed = event && 'sealed' in event.data ? event.data.sealed : undefined
  if (!sealed) return undefined
  const key = dataKeys.get(sealed.subject)?.key ?? createSecretKey(makeDataKey())
  const json = decrypt(key, Buffer.from(sealed.nonce, 'base64'), Buffer.from(sealed.data, 'base64'))
  return { for: sealed.subject === personId ? 'person' : 'account', ...(JSON.parse(json.toString()) as object) }
}
const likeGolden = (event: Emitted | undefined, type: EventType, offset: number) => {
  if (!event) throw new Error('nothing was emitted')
  const record = outputRecord(event, { ...at, offset }, null)
  const example = golden(type)
  const { [HEADER.id]: id, ...headers } = example.headers
  return { record, id, expected: { key: example.key, headers: { ...headers, [HEADER.id]: record.headers[HEADER.id] } } }
}

describe('what a record becomes', () => {
  it('is the golden record of usage, for the golden call', () => {
    const data = golden('ingestion.segment-call-received.v1').data
    const [event] = outputs({ type: 'ingestion.segment-call-received.v1', data })
    const { record, expected } = likeGolden(event, 'ingestion.product-used.v1', at.offset)
    expect(record).toMatchObject(expected)
    expect(JSON.parse(record.value.toString())).toEqual(golden('ingestion.product-used.v1').data)
  })

  it('is the golden record of an opened ticket, for the golden ticket', () => {
    const data = golden('ingestion.zendesk-ticket-received.v1').data
    const [event] = outputs({ type: 'ingestion.zendesk-ticket-received.v1', data }, {}, 18_911)
    const { record, expected } = likeGolden(event, 'ingestion.ticket-opened.v1', 18_911)
    expect(record).toMatchObject(expected)
    const { sealed: _, ...open } = golden('ingestion.ticket-opened.v1').data
    expect(JSON.parse(record.value.toString())).toMatchObject(open)
    expect(opened(event)).toEqual({ for: 'person', subject: ticket.subject, comment: ticket.comment?.body })
  })

  it('has the fields of the golden record, whatever it becomes', () => {
    const comment = { body: 'thanks', public: true, by: 'agent' } as const
    const said = [
      ...outputs(segment({}), { personMade: true }),
      ...outputs(segment({ type: 'identify', traits: { email: 'ann@acme.test', role: 'admin' } })),
      ...outputs(segment({ type: 'group', groupId: 'acme', traits: { name: 'Acme' } })),
      ...outputs(desk({})),
      ...outputs(desk({ event: 'replied', comment })),
      ...outputs(desk({ event: 'updated' })),
      ...outputs(desk({ event: 'rated', rating: { score: 'bad', comment: 'slow' } })),
    ]
    const published = said.map((event) => {
      const { headers, value } = outputRecord(event, at, null)
      return { type: event.type, headers, data: JSON.parse(value.toString()) as unknown }
    })
    const types = [topics.personKeys, topics.usageEvents, topics.observations, topics.tickets].flatMap(
      (topic) => topic.types,
    )
    expect(unlikeGolden(published, types)).toEqual([])
  })

  it('is the same bytes when it is sorted again', () => {
    const received = segment({ type: 'identify', traits: { email: 'ann@acme.test', role: 'admin' } })
    const bytes = () =>
      outputs(received, { personMade: true }).map((event) => {
        const { value, headers, ...place } = outputRecord(event, at, 5)
        return { ...place, headers, value: value.toString('base64') }
      })
    const once = bytes()
    expect(once.map(({ headers }) => headers[HEADER.type])).toEqual([
      'ingestion.person-key-made.v1',
      'ingestion.person-observed.v1',
    ])
    expect(bytes()).toEqual(once)
  })

  it('seals what is personal, and nothing of it stands beside', () => {
    const [person] = outputs(segment({ type: 'identify', traits: { email: 'ann@acme.test', role: 'admin' } }))
    expect(opened(person)).toEqual({ for: 'person', email: 'ann@acme.test' })
    expect(person?.data).toMatchObject({ traits: { role: 'admin' } })
    expect(JSON.stringify(person)).not.toContain('ann@acme.test')
    const [account] = outputs(segment({ type: 'group', groupId: 'acme', traits: { name: 'Acme', phone: '1' } }))
    expect(opened(account)).toEqual({ for: 'account', phone: '1' })
    expect(account?.data).toMatchObject({ traits: { name: 'Acme' }, externalId: 'acme', personId })
  })

  it('takes no address from a public key', () => {
    const [event] = outputs(segment({ type: 'identify', traits: { email: 'a@b.cd', name: 'Ann' } }, 'browser'))
    expect(opened(event)).toEqual({ for: 'person', name: 'Ann' })
  })

  it('of a page keeps the path', () => {
    const [event] = outputs(segment({ type: 'page', name: 'Home', properties: { url: 'https://a.test/x?y', n: 1 } }))
    expect(event?.data).toMatchObject({ kind: 'page', name: 'Home', properties: { path: '/x', n: 1 } })
    expect(opened(event)).toEqual({ for: 'person', url: 'https://a.test/x?y' })
  })

  it('follows what the desk says', () => {
    const comment = { body: 'thanks', public: true, by: 'customer' } as const
    const said = [
      desk({ event: 'replied', comment }),
      desk({ event: 'updated' }),
      desk({ event: 'rated', rating: { score: 'bad', comment: 'slow' } }),
    ].map((received) => outputs(received)[0])
    expect(said.map((event) => event?.type)).toEqual([
      'ingestion.ticket-replied.v1',
      'ingestion.ticket-status-changed.v1',
      'ingestion.ticket-rated.v1',
    ])
    expect(said[0]?.data).toMatchObject({ by: 'customer', public: true })
    expect(said.map(opened)).toEqual([
      { for: 'person', comment: 'thanks' },
      undefined,
      { for: 'person', comment: 'slow' },
    ])
  })

  it('seals a ticket of nobody for the account', () => {
    const [key, event] = outputs(desk({ requesterExternalId: null }), { personId: null, accountKeyMade: true })
    expect(key).toMatchObject({ type: 'ingestion.person-key-made.v1', key: accountId, slot: 'accountKey' })
    expect(opened(event)).toMatchObject({ for: 'account', subject: ticket.subject })
    expect(event?.data).toMatchObject({ personId: null })
  })

  it('is nothing while it is quarantined, and for alias', () => {
    expect(outputs(segment({}), { state: 'quarantined', accountId: null })).toEqual([])
    expect(outputs(segment({ type: 'alias', previousId: 'x' }), { personId: null })).toEqual([])
  })

  it('drops what is personal of a subject whose key is gone', () => {
    const received = segment({ properties: { email: 'a@b.cd', ...properties } })
    const [event] = emit({ received, at, resolution, dataKeys: new Map() })
    expect(event?.data).not.toHaveProperty('sealed')
    expect(JSON.stringify(event)).not.toContain('a@b.cd')
  })

  it('must fit its contract', () => {
    const event: Emitted = { ...accountObserved(), slot: 'accountObserved', topic: 'ingestion.observations.v1' }
    expect(() => outputRecord({ ...event, data: { ...event.data, accountId: 'x' } }, at, null)).toThrow('is not valid')
    const data = { ...accountObserved().data, traits: { text: 'x'.repeat(300_000) } }
    expect(() => outputRecord({ ...event, data }, at, null)).toThrow('is too large')
  })
})
