import { triggerFact, type TriggerFacts } from '../src/facts.ts'

/** Acme, amber turned red, in adoption. */
export const acme = (traits: Readonly<Record<string, unknown>> = {}): TriggerFacts => ({
  account: {
    id: '0d7a0a52-52a8-5e1c-8c37-4f6a2f1c7c11',
    externalId: 'acme',
    name: 'Acme KK',
    segment: 'all',
    traits: { plan: 'pro', seats: 20, tags: ['beta', 'jp'], 'plan name': 'Pro', renewal: '2026-03-01', ...traits },
  },
  health: {
    score: 38.5,
    band: 'red',
    outcome: null,
    experience: 60,
    coverage: 0.8,
    partial: true,
    measures: {
      breadth: { value: 3, score: 60, peerRank: null },
      frequency: { value: 4, score: 20, peerRank: 12.5 },
    },
  },
  journey: {
    name: 'standard',
    stage: 'adoption',
    daysInStage: 12,
    pace: 'behind',
    stalled: false,
    dormant: false,
    atRisk: true,
    milestones: ['first-login', 'activated'],
  },
  tickets: { open: 3, serious: 0, oldestSeriousDays: null },
  now: '2026-01-31T10:30:00.000Z',
  today: '2026-01-31',
  trigger: {
    ...triggerFact('band-changed', new Date()),
    at: '2026-01-31T09:00:00+09:00',
    from: 'amber',
    to: 'red',
    fromScore: 44,
    toScore: 38.5,
    first: false,
  },
})
