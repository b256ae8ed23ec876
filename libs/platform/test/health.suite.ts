import { createDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DataSource } from 'typeorm'
import { type Page, Readiness } from '../src/index.ts'
import { authorized, type Sample, startSample } from './sample-app.ts'

let database: TestDatabase
let sample: Sample

const get = (url: string, headers: Record<string, string> = authorized) => sample.app.inject({ url, headers })

const settingOf = async (name: string): Promise<unknown> => {
  const rows = await sample.app
    .get(DataSource)
    .query<{ value: unknown }[]>('SELECT current_setting($1) AS value', [name])
  return rows[0]?.value
}

export const describeHealth = (): void => {
  describe('h', () => {
    beforeAll(async () => {
      database = await createDatabase()
      sample = await startSample(database.url)
    })
    afterAll(async () => {
      await sample?.app.close()
      await database?.drop()
    })

    describe('health and metrics', () => {
      it('is alive and ready without a token', async () => {
        expect((await get('/health/live', {})).statusCode).toBe(200)
        const ready = await get('/health/ready', {})
        expect([ready.statusCode, ready.json()]).toMatchObject([
          200,
          { status: 'ok', details: { database: { status: 'up' } } },
        ])
      })

      it('is not ready while a check is not well, and says which', async () => {
        let fault: Error | undefined
        sample.app.get(Readiness).add('log', () => (fault ? Promise.reject(fault) : Promise.resolve()))
        fault = new Error('connect ECONNREFUSED 10.0.0.7:9092')
        const answer = await get('/health/ready', {})
        expect(answer.statusCode).toBe(503)
        expect(answer.json()).toMatchObject({
          status: 'error',
          details: { database: { status: 'up' }, log: { status: 'down', reason: 'unavailable' } },
        })
        expect(answer.payload).not.toContain('10.0.0.7')
        fault = undefined
        expect((await get('/health/ready', {})).statusCode).toBe(200)
      })

      it('counts requests by route pattern, never by path', async () => {
        await get('/v1/accounts/forbidden')
        await get('/no/such/route')
        const { payload, headers } = await get('/metrics', {})
        expect(headers['content-type']).toContain('text/plain')
        expect(payload).toMatch(
          /http_request_duration_seconds_count\{service="sample",method="GET",route="\/v1\/accounts\/:id",status="403"\} 1/,
        )
        expect(payload).toMatch(/route="unmatched",status="404"/)
        expect(payload).not.toMatch(/forbidden|no\/such/)
        expect(payload).toContain('process_resident_memory_bytes')
      })
    })

    describe('paging', () => {
      it('walks a list to its end', async () => {
        const seen: number[] = []
        for (let next: string | null = ''; next !== null;) {
          const answer = await get(`/v1/rows?limit=3${next && `&cursor=${next}`}`)
          const page: Page<{ id: number }> = answer.json()
          seen.push(...page.items.map((item) => item.id))
          next = page.next
        }
        expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7])
      })

      it.each(['limit=0', 'limit=201', 'limit=x', 'limit=1.5', 'page=2'])('refuses ?%s', async (query) => {
        expect((await get(`/v1/rows?${query}`)).json()).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' })
      })

      it.each(['not-ours', Buffer.from('"text"').toString('base64url')])('refuses the cursor %s', async (cursor) => {
        expect((await get(`/v1/rows?cursor=${cursor}`)).json()).toMatchObject({
          status: 400,
          code: 'CURSOR_INVALID',
          errors: [{ pointer: '/cursor' }],
        })
      })
    })

    describe('the database', () => {
      it('bounds every session', async () => {
        expect(await settingOf('statement_timeout')).toBe('30s')
        expect(await settingOf('lock_timeout')).toBe('5s')
        expect(await settingOf('idle_in_transaction_session_timeout')).toBe('10s')
        expect(await settingOf('synchronous_commit')).toBe('on')
        expect(await settingOf('application_name')).toBe('banso-sample')
      })
    })
  })
}
