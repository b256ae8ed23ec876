import { describe, expect, it } from '@jest/globals'
import Type from 'typebox'
import Value from 'typebox/value'
import { contentFaults, ContentSpec } from '../src/render-content/content.kind.ts'
import { renderMail } from '../src/render-content/render-mail.ts'
import { Templates } from '../src/render-content/templates.ts'
import { starterDocument, starterNames } from './starter.ts'

const names = starterNames('content')
const templates = new Templates('Asia/Tokyo')
const Document = Type.Object({ kind: Type.String(), name: Type.String(), spec: ContentSpec })

const read = (name: string) => Value.Parse(Document, starterDocument('content', name))

const known = {
  account: { id: 'a-1', externalId: 'acme', name: '株式会社アクメ', segment: 'all', traits: { seats: 20 } },
  health: { score: 31.4, band: 'red', outcome: 22, experience: 55, coverage: 1, partial: false, measures: {} },
  journey: { name: 'starter', stage: 'adoption', daysInStage: 130, milestones: ['kick-off', 'first-use'] },
  tickets: { open: 3, serious: 1, oldestSeriousDays: 6 },
  trigger: { type: 'alarm-raised', fromScore: 52.3, recent: 3.2, usual: 21, ticketId: '4711' },
}
/** An account of which nothing is known but its id of the vendor. */
const unknown = {
  account: { id: 'a-1', externalId: 'acme', name: null, segment: 'all', traits: {} },
  health: { score: null, band: null, outcome: null, experience: null },
  journey: { name: null, stage: null, daysInStage: null, milestones: [] },
  tickets: { open: 0, serious: 0, oldestSeriousDays: null },
  trigger: {},
}

describe('the starter contents', () => {
  it('are a mail to the account and a task of ours for each starter playbook', () => {
    const playbooks = starterNames('playbooks')
    expect(playbooks).toHaveLength(6)
    expect(names).toEqual(playbooks.flatMap((name) => [name, `${name}-task`]))
  })

  it.each(names)('%s is valid, in English and Japanese', (name) => {
    const document = read(name)
    expect(document).toMatchObject({ kind: 'Content', name })
    expect(Object.keys(document.spec.body).toSorted()).toEqual(['en', 'ja'])
    expect(Object.keys(document.spec.subject).toSorted()).toEqual(['en', 'ja'])
    expect(contentFaults(templates, document.spec)).toEqual([])
  })

  it.each(names)('%s reads well, whatever is known of the account', (name) => {
    for (const context of [known, unknown])
      for (const language of ['en', 'ja']) {
        const { subject, text } = renderMail(templates, read(name).spec, [language], context)
        expect(subject).not.toMatch(/[{}]|null|undefined/)
        expect(text).not.toMatch(/[{}]|null|undefined|\bNaN\b| {2}|^,|\n\n\n/m)
      }
  })

  it.each(names.filter((name) => !name.endsWith('-task')))('%s tells the account nothing of its score', (name) => {
    for (const language of ['en', 'ja']) {
      const { subject, text } = renderMail(templates, read(name).spec, [language], known)
      expect(subject + text).not.toMatch(/31|52|\bred\b|score|スコア|赤/i)
    }
  })
})
