import { describe, expect, it } from '@jest/globals'
import type { IngestionUnderTest } from './ingestion-under-test.ts'

/** Sources, their secrets and keys, as an operator makes them. */
export const describeSources = (running: () => IngestionUnderTest): void => {
  describe('sources', () => {
    it('makes sources, lists them by pages and by no forged cursor, and refuses a second of the same name', async () => {
      const ingestion = running()
      for (const name of ['c', 'a', 'b']) await ingestion.api('POST', '/v1/sources', { name })
      const made = await ingestion.api('POST', '/v1/sources', { name: 'desk', kind: 'zendesk', namespace: 'own' })
      const desk = { name: 'desk', kind: 'zendesk', namespace: 'own', signed: false }
      expect(made).toMatchObject({ status: 201, body: desk })
      expect(await ingestion.api('POST', '/v1/sources', { name: 'a' })).toMatchObject({
        status: 409,
        body: { code: 'SOURCE_EXISTS' },
      })
      const first = await ingestion.api('GET', '/v1/sources?limit=2')
      expect(first.body).toMatchObject({ items: [{ name: 'a', namespace: 'default', kind: 'segment' }, { name: 'b' }] })
      const { next } = first.body as { next: string }
      expect(await ingestion.api('GET', `/v1/sources?limit=2&cursor=${next}`)).toMatchObject({
        body: { items: [{ name: 'c' }, { name: 'desk' }], next: null },
      })
      const place = { quarantinedAt: '0000-01-01T00:00:00.000Z', id: '00000000-0000-4000-8000-000000000000' }
      for (const [list, key] of [
        ['sources', 'a\0'],
        ['quarantine', place],
      ] as const) {
        const forged = Buffer.from(JSON.stringify(key)).toString('base64url')
        expect(await ingestion.api('GET', `/v1/${list}?cursor=${forged}`)).toMatchObject({
          status: 400,
          body: { code: 'CURSOR_INVALID' },
        })
      }
    })

    it.each([
      [{ name: 'With/Slash' }, '/name'],
      [{ name: 'x', kind: 'other' }, '/kind'],
      [{ name: 'x', namespace: 'a b' }, '/namespace'],
      [{ name: 'x', kind: 'segment', signingSecret: 'long-enough' }, '/signingSecret'],
      [{ name: 'x', more: 1 }, '/more'],
    ])('refuses the source %j at %s', async (body, pointer) => {
      const ingestion = running()
      const answer = await ingestion.api('POST', '/v1/sources', body)
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer }] } })
    })

    it('keeps a signing secret that is set later, and shows it to nobody', async () => {
      const ingestion = running()
      const ticket = { event: 'updated', ticketId: 1, status: 'open', priority: '', createdAt: '2026-03-01T00:00:00Z' }
      const unknown = await ingestion.ticket('desk', 'secret-of-the-desk', ticket)
      expect(unknown).toMatchObject({ status: 401, body: { code: 'SIGNING_SECRET_UNKNOWN' } })
      const set = await ingestion.api('PUT', '/v1/sources/desk/signing-secret', { signingSecret: 'secret-of-the-desk' })
      expect(set).toMatchObject({ status: 200, body: { signed: true } })
      expect(JSON.stringify(set.body)).not.toContain('secret-of-the-desk')
      const [row] = await ingestion.database.query<{ kept: Buffer }[]>(
        `SELECT signing_secret AS kept FROM source WHERE name = 'desk'`,
      )
      expect(row?.kept.includes('secret-of-the-desk')).toBe(false)
      expect(
        await ingestion.api('PUT', '/v1/sources/a/signing-secret', { signingSecret: 'x'.repeat(8) }),
      ).toMatchObject({
        status: 404,
      })
    })

    it('shows a write key once, and keeps its digest', async () => {
      const ingestion = running()
      const { id, writeKey } = await ingestion.key('a', 'browser')
      const listed = await ingestion.api('GET', '/v1/sources/a/keys')
      expect(listed.body).toMatchObject({ items: [{ id, kind: 'browser', revokedAt: null }], next: null })
      expect(JSON.stringify(listed.body)).not.toContain(writeKey)
      const rows = await ingestion.database.query<object[]>('SELECT * FROM write_key')
      expect(JSON.stringify(rows)).not.toContain(writeKey)
      expect(await ingestion.api('POST', '/v1/sources/desk/keys', {})).toMatchObject({
        status: 409,
        body: { code: 'SOURCE_HAS_NO_KEYS' },
      })
      expect(await ingestion.api('POST', '/v1/sources/none/keys', {})).toMatchObject({ status: 404 })
      expect(await ingestion.api('DELETE', `/v1/sources/b/keys/${id}`)).toMatchObject({ status: 404 })
      expect(await ingestion.api('DELETE', `/v1/sources/a/keys/${id}`)).toMatchObject({ status: 204 })
    })
  })
}
