import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Type from 'typebox'
import Value from 'typebox/value'
import { parse } from 'yaml'
import type { Step } from '../src/domain/steps.ts'
import { documentOf } from '../src/keep-playbooks/document-of.ts'
import { faultsOf } from '../src/keep-playbooks/faults-of.ts'
import { playbookSchema } from '../src/keep-playbooks/playbook-schema.ts'
import { starterDocument, starterNames } from './starter.ts'

const names = starterNames('playbooks')
const Document = Type.Object({
  kind: Type.Literal('Playbook'),
  name: Type.String(),
  title: Type.Object({ en: Type.String(), ja: Type.String() }),
  spec: playbookSchema,
})

const read = (name: string) => Value.Parse(Document, starterDocument('playbooks', name))

const actionsIn = (steps: readonly Step[]) => steps.flatMap((step) => ('action' in step ? [step.action] : []))
const contentsIn = (steps: readonly Step[]) =>
  actionsIn(steps).flatMap((action) => ('content' in action && action.content !== undefined ? [action.content] : []))

describe('the starter playbooks', () => {
  it('are six', () => {
    expect(names).toEqual([
      'drop-in-use',
      'low-rating-follow-up',
      'ready-for-expansion',
      'score-turned-red',
      'stalled-onboarding',
      'urgent-ticket-ageing',
    ])
  })

  it.each(names)('%s is valid', (name) => {
    const document = read(name)
    expect(document.name).toBe(name)
    expect(faultsOf(document.spec)).toEqual([])
  })

  it.each(names)('%s says what the starter contents say', (name) => {
    const contents = contentsIn(documentOf(read(name).spec).steps)
    expect(contents.length).toBeGreaterThan(0)
    expect(starterNames('content')).toEqual(expect.arrayContaining(contents))
  })

  it.each(names)('%s writes to nobody before somebody has activated it', (name) => {
    const { mode, steps } = documentOf(read(name).spec)
    const mails = actionsIn(steps).some(({ kind }) => kind !== 'task')
    expect(mode).toBe(mails ? 'observe' : 'active')
  })

  it.each(names)('%s is capped each day, so that a mistake stays small', (name) => {
    const { steps } = documentOf(read(name).spec)
    const first = steps.find((step) => 'action' in step)
    expect(first).toMatchObject({ dailyCap: expect.any(Number) })
  })
})

it('the playbook that SERVICE.md shows is valid', () => {
  const page = readFileSync(join(import.meta.dirname, '../SERVICE.md'), 'utf8')
  const [, example = ''] = /```yaml\n([^`]*)```/.exec(page) ?? []
  const { spec } = Value.Parse(Type.Object({ spec: playbookSchema }), parse(example))
  expect(faultsOf(spec)).toEqual([])
  expect(example).not.toContain('…') // is refused in the URL of an action
  expect(documentOf(spec).mode).toBe('observe')
})
