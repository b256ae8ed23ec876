// What services answer to the examples of SERVICE.md that are about accounts, playbooks and blueprints.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const account = '1b641476-ea1f-5837-a1ef-df5c6b8aedfc'
const run = '01a203e2-5bfc-7624-b9c7-d3e2ddf70aa1'
const secret = 'whsec_nZcFtcSCXtYShlVShqREhvnWdDmkDSHeO8ldBhuG1ik='

/** The files of the example. */
export const writeBlueprints = (folder: string): void => {
  mkdirSync(join(folder, 'blueprints/scorecards'), { recursive: true })
  writeFileSync(join(folder, 'blueprints/scorecards/starter.yaml'), 'kind: Scorecard\nname: starter\nspec: {}\n')
  writeFileSync(join(folder, 'blueprints/turned-red.yaml'), 'kind: Playbook\nname: turned-red\nspec: {}\n')
  writeFileSync(join(folder, 'call-when-red.json'), '{}')
}

const list = (...items: object[]) => ({ items, next: null })
const profile = { accountId: account, externalId: 'acme', name: 'アクメ株式会社' }
const score = {
  accountId: account,
  score: 32.44,
  band: 'red',
  day: '2026-01-31',
  coverage: 0.876,
  outcome: { score: 28.04 },
  experience: { score: 36.84 },
  why: [
    { label: 'Frequency', contribution: -12.3, text: '2 active days of 28' },
    { label: 'Open tickets', contribution: -5.26, text: '1 urgent, open for 3 days' },
  ],
}
const scoreOf = (day: string, points: number, band: string) => ({
  day,
  score: points,
  band,
  coverage: 0.88,
  outcome: points - 4,
  experience: points + 4,
  overridden: false,
  scorecard: { name: 'starter', version: 2 },
})
const journey = {
  journey: { name: 'starter', version: 1 },
  stage: 'onboarding',
  since: '2025-12-01T00:00:00.000Z',
  daysInStage: 62,
  standing: 'stuck',
  pace: { pace: 'stuck', reason: 'not activated: 1 of 3 key events' },
  flags: [{ flag: 'at-risk', reason: 'health is red' }],
  milestones: [
    { name: 'kick-off', stage: 'onboarding', reachedAt: '2025-12-03T01:00:00.000Z', reason: 'met them' },
    { name: 'activated', stage: 'onboarding', reachedAt: null, reason: null, pace: { reason: '1 of 3 key events' } },
  ],
  history: [{ stage: 'onboarding', from: null, at: '2025-12-01T00:00:00.000Z', reason: 'its first event' }],
}
const ticket = {
  ticketId: '42',
  priority: 'urgent',
  status: 'open',
  openedAt: '2026-01-28T09:30:00.000Z',
  rating: null,
}
const started = {
  id: run,
  playbook: { name: 'turned-red', version: 1 },
  account: { id: account },
  state: 'running',
  reason: null,
  decidedAt: '2026-01-31T09:40:00.000Z',
}
const action = {
  id: `${run}-tell`,
  kind: 'webhook',
  channel: 'webhook',
  to: 'hooks.vendor.example',
  run: { id: run, step: 'tell' },
  account: { id: account },
  playbook: { name: 'turned-red', version: 1 },
  state: 'failed',
  reason: 'no-answer',
  attempts: 10,
  requestedAt: '2026-01-31T09:40:00.000Z',
  nextAttemptAt: null,
}
const task = {
  id: `${run}-call`,
  account: { id: account },
  playbook: { name: 'turned-red', version: 1 },
  title: 'Call アクメ株式会社',
  owner: 'mika',
  dueAt: '2026-02-02T09:00:00.000Z',
  state: 'open',
}
const control = { playbook: 'turned-red', paused: false, mode: 'observe' }
const stored = {
  name: 'turned-red',
  version: 1,
  document: { enabled: true, mode: 'active' },
  endpoint: { state: 'open' },
  storedAt: '2026-01-31T09:35:00.000Z',
}
const scorecard = {
  kind: 'Scorecard',
  name: 'starter',
  version: 2,
  change: 'changed',
  changes: [
    { pointer: '/spec/bands/red', from: 40, to: 35 },
    { pointer: '/title', to: { en: 'Starter' } },
  ],
  impact: ['12 accounts are scored by it'],
}
const playbook = { kind: 'Playbook', name: 'turned-red', version: 1, change: 'created', changes: [], impact: [] }

const APPLIED = '2026-01-31T09:36:00.000Z'
const storedAs = (kind: string, name: string, version: number) => ({ kind, name, version, appliedAt: APPLIED })

/** By call; of those that several services answer, by call and token. */
export const loopAnswers: Record<string, object> = {
  'PUT /v1/blueprints/Scorecard/starter?dryRun=true': scorecard,
  'PUT /v1/blueprints/Scorecard/starter': scorecard,
  'PUT /v1/blueprints/Playbook/turned-red?dryRun=true': playbook,
  'PUT /v1/blueprints/Playbook/turned-red': { ...playbook, secret },
  'GET /v1/accounts?band=red&sort=score': list(score),
  'GET /v1/blueprints?limit=200 Bearer of-playbooks': list(storedAs('Playbook', 'turned-red', 1)),
  'GET /v1/blueprints?limit=200 Bearer of-health': list(storedAs('Scorecard', 'starter', 2)),
  'GET /v1/blueprints?limit=200 Bearer of-journeys': list(storedAs('Journey', 'starter', 1)),
  'GET /v1/blueprints/Scorecard/starter': {
    kind: 'Scorecard',
    name: 'starter',
    title: { en: 'Starter' },
    spec: { bands: { red: 35, green: 70 } },
    version: 2,
    appliedAt: APPLIED,
  },
  [`GET /v1/accounts/${account}/score/history?from=2026-01-30`]: list(
    scoreOf('2026-01-30', 58.2, 'amber'),
    scoreOf('2026-01-31', 32.44, 'red'),
  ),
  [`GET /v1/accounts/${account}/usage?from=2026-01-30`]: list(
    { day: '2026-01-30', kind: 'track', event: 'Report Created', count: 31, persons: 4 },
    { day: '2026-01-31', kind: 'page', event: 'Dashboard', count: 2, persons: 1 },
  ),
  'GET /v1/journeys/starter/board': {
    journey: 'starter',
    stages: [
      { stage: 'onboarding', accounts: 4, states: { 'on-track': 2, stuck: 2 }, atRisk: 1 },
      { stage: 'adoption', accounts: 9, states: { 'on-track': 8, dormant: 1 }, atRisk: 0 },
    ],
  },
  'GET /v1/journeys/starter/accounts?state=stuck': list({
    accountId: account,
    name: 'アクメ株式会社',
    externalId: 'acme',
    version: 1,
    stage: 'onboarding',
    since: '2025-12-01T00:00:00.000Z',
    standing: 'stuck',
    reason: 'not activated: 1 of 3 key events',
    atRisk: true,
  }),
  'GET /v1/accounts?externalId=acme&limit=5': list(profile),
  [`GET /v1/accounts/${account}`]: profile,
  [`GET /v1/accounts/${account}/score`]: score,
  [`GET /v1/accounts/${account}/journey`]: journey,
  [`GET /v1/accounts/${account}/tickets?limit=5`]: list(ticket),
  [`GET /v1/runs?account=${account}&limit=5`]: list(started),
  [`GET /v1/tasks?account=${account}&limit=5&state=open`]: list(task),
  [`POST /v1/accounts/${account}/milestones/kick-off`]: journey,
  [`DELETE /v1/accounts/${account}/milestones/kick-off`]: journey,
  [`PUT /v1/accounts/${account}/override`]: {
    ...score,
    score: 70,
    band: 'green',
    override: { until: '2026-03-01T00:00:00.000Z' },
    computed: { score: 32.44 },
  },
  [`DELETE /v1/accounts/${account}/override`]: score,
  [`GET /v1/accounts/${account}/overrides`]: list({
    id: 1,
    score: 70,
    reason: 'known-absence',
    owner: 'mika',
    note: null,
    until: '2026-03-01T00:00:00.000Z',
    setAt: '2026-01-31T09:45:00.000Z',
    endedAt: '2026-01-31T09:50:00.000Z',
    endedBy: 'lifted',
  }),
  'PUT /v1/playbooks/call-when-red': {
    name: 'call-when-red',
    version: 1,
    changed: true,
    secret: 'whsec_nZcFtcSCXtYShlVShqREhvnWdDmkDSHeO8ldBhuG1ik=',
  },
  'GET /v1/playbooks/turned-red': stored,
  'GET /v1/playbooks': list(stored),
  'GET /v1/playbooks/controls': { all: { paused: true }, items: [control] },
  'POST /v1/playbooks/turned-red/activate': { ...control, mode: 'active' },
  'POST /v1/playbooks/turned-red/observe': control,
  'POST /v1/playbooks/pause': { playbook: null, paused: true, mode: null },
  'POST /v1/playbooks/resume': { playbook: null, paused: false, mode: null },
  'POST /v1/playbooks/turned-red/secret/rotate': {
    name: 'turned-red',
    secret,
    previousUntil: '2026-02-01T09:35:00.000Z',
  },
  [`GET /v1/playbooks/turned-red/why/${account}`]: {
    playbook: { name: 'turned-red', version: 1 },
    text: [
      'Now: it would be held back, because a serious ticket is open and it sells.',
      '2026-01-31 09:40: it ran, and is still under way.',
    ],
  },
  'GET /v1/actions?state=failed': list(action),
  [`POST /v1/actions/${run}/tell/redrive`]: { ...action, state: 'requested', reason: null, attempts: 0 },
  [`GET /v1/runs?account=${account}&state=running`]: list(started),
  'GET /v1/tasks?owner=mika&state=open': list(task),
  [`POST /v1/tasks/${run}-call/done`]: { ...task, state: 'done' },
}
