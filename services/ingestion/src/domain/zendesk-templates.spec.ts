import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTicket } from './zendesk-ticket.ts'

const folder = join(import.meta.dirname, '../../../../deploy/zendesk')
const receivedAt = new Date('2026-03-01T12:00:00.000Z')

const placeholders: Readonly<Record<string, string>> = {
  'ticket.id': '35436',
  'ticket.status': '解決済み',
  'ticket.priority': '-',
  'ticket.title': 'Broken',
  'ticket.created_at_with_timestamp': '2026-02-27T05:35Z',
  'ticket.updated_at_with_timestamp': '2026-03-01T11:59:58Z',
  'ticket.organization.external_id': 'acme',
  'ticket.requester.external_id': '',
  'ticket.latest_comment.value': 'It says \\"no\\"\\r\\nagain',
  'ticket.latest_comment.is_public': 'false',
  'satisfaction.current_comment': 'quick',
}

const rendered = (file: string): unknown =>
  JSON.parse(
    readFileSync(join(folder, `${file}.json`), 'utf8').replaceAll(/\{\{(.+?)\}\}/g, (_, name: string) => {
      const value = placeholders[name]
      if (value === undefined) throw new Error(`${file} asks for ${name}`)
      return value
    }),
  )

const comment = { body: 'It says "no"\r\nagain', public: false }
const state = {
  ticketId: '35436',
  status: 'solved',
  priority: null,
  createdAt: '2026-02-27T05:35:00.000Z',
  updatedAt: '2026-03-01T11:59:58.000Z',
  organizationExternalId: 'acme',
  requesterExternalId: null,
}

describe('what our triggers send', () => {
  it.each([
    ['ticket-created', { event: 'created', subject: 'Broken', comment: { ...comment, by: 'customer' } }],
    ['agent-replied', { event: 'replied', comment: { ...comment, by: 'agent' } }],
    ['customer-replied', { event: 'replied', comment: { ...comment, by: 'customer' } }],
    ['ticket-updated', { event: 'updated' }],
    ['rated-good', { event: 'rated', rating: { score: 'good', comment: 'quick' } }],
    ['rated-bad', { event: 'rated', rating: { score: 'bad', comment: 'quick' } }],
  ])('%s is understood', (file, more) => {
    expect(readTicket(rendered(file), receivedAt)).toEqual({ ticket: { ...state, ...more } })
  })
})
