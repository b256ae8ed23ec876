import { type AccountFacts, type TriggerFact, triggerFact } from '@banso/conditions'
import { randomUUID } from 'node:crypto'
import type { PlaybookDocument } from '../src/domain/document.ts'
import type { Occasion } from '../src/domain/occasion.ts'
import { type Playbook, playbookOf } from '../src/domain/playbook.ts'

export const ACCOUNT = '6f2f4c1e-3f0e-5d0f-9c5b-0d9f6c2a7b11'

/** Something that happened; left out: the account turned red. */
export const occasion = ({
  at = '2026-01-31T09:00:00Z',
  trigger = {},
  ...overrides
}: Partial<Omit<Occasion, 'trigger' | 'time'>> & { at?: string; trigger?: Partial<TriggerFact> } = {}): Occasion => {
  const on = overrides.on ?? 'band-changed'
  const time = new Date(at)
  const said = on === 'band-changed' ? { from: 'green', to: 'red' } : {}
  return {
    id: randomUUID(),
    eventType: `some.${on}.v1`,
    on,
    time,
    accountId: ACCOUNT,
    history: false,
    firstScore: false,
    values: { day: at.slice(0, 10) },
    evidence: ['event-1'],
    ...overrides,
    trigger: { ...triggerFact(on, time), ...said, ...trigger },
  }
}

export const document = (overrides: Partial<PlaybookDocument> = {}): PlaybookDocument => ({
  enabled: true,
  mode: 'active',
  trigger: { on: 'band-changed', to: ['red'] },
  dedupe: 'account',
  selling: false,
  steps: [{ id: 'tell', action: { kind: 'webhook', url: 'https://hooks.example.com/' }, onFailure: 'fail' }],
  ...overrides,
})

export const playbook = (overrides: Partial<PlaybookDocument> = {}): Playbook =>
  playbookOf('call-when-red', 1, document(overrides))

/** What is known of an account; left out: a healthy one in adoption, without tickets. */
export const facts = (overrides: Partial<AccountFacts> = {}): AccountFacts => ({
  account: { id: ACCOUNT, externalId: 'acme', name: 'Acme', segment: 'all', traits: {} },
  health: { score: 80, band: 'green', outcome: 80, experience: 80, coverage: 1, partial: false, measures: {} },
  journey: {
    name: 'starter',
    stage: 'adoption',
    daysInStage: 3,
    pace: 'on-track',
    stalled: false,
    dormant: false,
    atRisk: false,
    milestones: [],
  },
  tickets: { open: 0, serious: 0, oldestSeriousDays: null },
  now: '2026-01-31T09:00:00.000Z',
  today: '2026-01-31',
  ...overrides,
})

export const inBand = (band: 'red' | 'amber' | 'green'): AccountFacts => facts({ health: { ...facts().health, band } })
