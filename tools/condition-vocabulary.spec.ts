import { vocabulary } from '@banso/conditions'
import { Band, JourneyFlag, Pace, StageEntered, TicketPriority, TicketStatus, topics } from '@banso/contracts'
import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { page, vocabularyPage } from './condition-vocabulary.ts'

// The formatter aligns the columns of a table.
const unaligned = (text: string): string => text.replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---')

const literals = (union: { readonly anyOf: readonly { readonly const: string }[] }): string[] =>
  union.anyOf.map((literal) => literal.const)

describe('the vocabulary of conditions', () => {
  it('in libs/conditions/VOCABULARY.md is what the code says (else: node --conditions=@banso/source tools/condition-vocabulary.ts)', () => {
    expect(unaligned(readFileSync(page, 'utf8'))).toBe(unaligned(vocabularyPage()))
  })

  it.each([
    ['health.band', Band],
    ['journey.pace', Pace],
    ['trigger.pace', Pace],
    ['trigger.flag', JourneyFlag],
    ['trigger.direction', StageEntered.properties.direction],
    ['trigger.status', TicketStatus],
    ['trigger.priority', TicketPriority],
  ])('knows the values that events give %s', (path, union) => {
    expect(vocabulary.trigger[path]?.values?.toSorted()).toEqual(literals(union).toSorted())
  })

  it('knows a type of trigger for each event that may set a playbook off', () => {
    const events = [topics.healthChanges, topics.journeyProgress, topics.tickets].flatMap(({ types }) => types)
    const names = [...events.map((type) => type.split('.')[1] ?? type), 'schedule']
    expect(vocabulary.trigger['trigger.type']?.values?.toSorted()).toEqual(names.toSorted())
  })

  it('says everything in both languages', () => {
    for (const { en, ja } of Object.values(vocabulary.trigger)) {
      expect(en).toMatch(/[a-z]/)
      expect(ja).toMatch(/[ぁ-んァ-ヶ一-龠]/)
    }
  })
})
