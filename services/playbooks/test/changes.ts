import type { Band, HealthBandChanged } from '@banso/contracts'
import { randomUUID } from 'node:crypto'
import type { Change } from '../src/domain/change.ts'
import type { Playbook, PlaybookDocument } from '../src/domain/playbook.ts'

export const ACCOUNT = '6f2f4c1e-3f0e-5d0f-9c5b-0d9f6c2a7b11'

const changed = (from: Band | null, to: Band | null, time: Date): HealthBandChanged => ({
  accountId: ACCOUNT,
  day: time.toISOString().slice(0, 10),
  scorecard: { name: 'default', version: 1 },
  from: { score: 70, band: from, day: '2026-01-30' },
  to: { score: 38, band: to },
  measures: [],
  cause: 'events',
  newestEvent: { id: randomUUID(), time: time.toISOString(), receivedAt: time.toISOString() },
  evidence: ['event-1'],
})

export const bandChanged = (
  options: { from?: Band | null; to?: Band | null; at?: string; id?: string; data?: Partial<HealthBandChanged> } = {},
): Change => {
  const time = new Date(options.at ?? '2026-01-31T09:00:00Z')
  const { from = 'green', to = 'red', id = randomUUID() } = options
  const data = { ...changed(from, to, time), ...options.data }
  return { on: 'band-changed', id, eventType: 'health.band-changed.v1', time, accountId: ACCOUNT, data }
}

export const scoreMoved = (movedBy: number, at = '2026-01-31T09:00:00Z'): Change => {
  const time = new Date(at)
  const data = { ...changed('green', 'green', time), movedBy }
  return { on: 'score-moved', id: randomUUID(), eventType: 'health.score-moved.v1', time, accountId: ACCOUNT, data }
}

export const playbook = (document: Partial<PlaybookDocument> = {}): Playbook => ({
  name: 'call-when-red',
  version: 1,
  document: {
    enabled: true,
    trigger: { on: 'band-changed', to: ['red'] },
    action: { kind: 'webhook', url: 'https://hooks.example.com/banso' },
    dedupe: 'account',
    ...document,
  },
})
