// The whole system under traffic: backed up while it runs, goes on, is destroyed, and is restored into another home. Then
// what `banso doctor` says of it, well and not.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { auditUsage } from '../chaos/audit.ts'
import { Capture, type SegmentEvent } from '../drive/capture.ts'
import { isIdle } from '../drive/operations.ts'
import { applyProbeScorecard, Probes } from '../drive/probes.ts'
import { applyBlueprint, connectTickets, PRODUCT_SOURCE, setStage, type Stage, startHere } from '../drive/stage.ts'
import { temporaryHome } from '../drive/temporary-home.ts'
import { Traffic } from '../drive/traffic.ts'
import { until } from '../drive/wait.ts'
import { services } from '../local/secrets.ts'
import type { RunningSystem } from '../local/system.ts'

const lines: string[] = []
const options = {
  purpose: 'before-restore',
  kafka: false,
  portBase: 27_500,
  say: (line: string) => lines.push(`${new Date().toISOString()} ${line}`),
}
const ACCOUNTS = 20
const IN_TIME_MS = 60_000
const root = join(import.meta.dirname, '../..')
const elsewhere = temporaryHome('restored')
const backup = join(elsewhere.path, 'backup')
const home = join(elsewhere.path, 'home')

/** Remembers what was accepted, to send it again. */
class RememberingCapture extends Capture {
  readonly accepted: SegmentEvent[] = []

  override async send(batch: readonly SegmentEvent[]): Promise<void> {
    await super.send(batch)
    this.accepted.push(...batch)
  }
}

const run = (file: string, args: readonly string[], env: Record<string, string> = {}) =>
  new Promise<{ code: number; out: string }>((done) => {
    const command = [join(root, file), ...args]
    execFile(process.execPath, command, { env: { ...process.env, ...env } }, (fault, out, err) =>
      done({ code: fault ? Number(fault.code) : 0, out: `${out}${err}` }),
    )
  })

const countOf = (facts: ReadonlyMap<string, number>): number => [...facts.values()].reduce((sum, one) => sum + one, 0)

let stage: Stage
let restored: RunningSystem | undefined
let restoredAt = 0
let capture: RememberingCapture
let probes: Probes
let traffic: Traffic
let accountIds: Map<string, string>

const putPlaybook = (name: string, wait: readonly object[]): Promise<void> => {
  const tell = { id: 'tell', action: { kind: 'webhook', url: stage.receiver.url } }
  const spec = { mode: 'active', trigger: { on: 'band-changed', to: ['red'] }, steps: [...wait, tell] }
  return applyBlueprint(stage, { kind: 'Playbook', name, spec })
}

/** Under which ids a playbook's webhook came for each of the accounts that were fired, repeats included. */
const deliveries = (playbook: string, accounts: readonly string[]): string[][] => {
  const ofIt = stage.receiver.arrivals.filter((arrival) => arrival.playbook === playbook)
  return accounts.map((id) => ofIt.filter(({ accountId }) => accountId === id).map(({ webhookId }) => webhookId))
}

interface Run {
  readonly account: { readonly id: string }
  readonly playbook: { readonly name: string }
  readonly decidedAt: string
}

/** Of these accounts, those of which the restored system had a run when it started. */
const knownToTheBackup = async (playbook: string, accounts: readonly string[]): Promise<string[]> => {
  const runs = await stage.api.all<Run>('playbooks', `/v1/runs?playbook=${playbook}&limit=200`)
  const before = runs.filter(({ decidedAt }) => Date.parse(decidedAt) < restoredAt)
  return accounts.filter((id) => before.some(({ account }) => account.id === id))
}

const arrivedForAll = (playbook: string, accounts: readonly string[]): Promise<true> =>
  until(`the webhooks of ${playbook}`, IN_TIME_MS, async () =>
    deliveries(playbook, accounts).every((ids) => ids.length > 0) ? true : undefined,
  )

const idle = (): Promise<true> =>
  until('no lag and an empty outbox', IN_TIME_MS, async () => (await isIdle(stage.api, services)) || undefined)

beforeAll(async () => {
  stage = await setStage(options)
  capture = new RememberingCapture(stage.system.addresses.capture, stage.writeKey)
  probes = new Probes(stage.desk)
  await applyProbeScorecard(stage)
  await putPlaybook('at-once', [])
  await putPlaybook('later', [{ id: 'pause', wait: { for: 'PT10S' } }])
  await connectTickets(stage)
  traffic = new Traffic(capture, {
    eventsPerSecond: 100,
    accounts: ACCOUNTS,
    usersPerAccount: 3,
    repeated: 0.05,
    seed: 5,
  })
  await traffic.introduce()
  await probes.prepare(45, PRODUCT_SOURCE, stage.capture, stage.api)
  accountIds = new Map()
  for (let index = 0; index < ACCOUNTS; index += 1) {
    const path = `/v1/sources/${PRODUCT_SOURCE}/receipts/first-${traffic.account(index)}`
    const { accountId } = await until('a receipt', IN_TIME_MS, () =>
      stage.api.find<{ accountId: string }>('ingestion', path),
    )
    accountIds.set(traffic.account(index), accountId)
  }
}, 180_000)

afterAll(async () => {
  await restored?.stop()
  await stage?.close()
  elsewhere.remove()
  process.stderr.write(`${lines.join('\n')}\n`)
})

describe('a backup under traffic, restored after the home is gone', () => {
  it('has all that was accepted before it, does nothing again but under the same id, and takes repeats for what they are', async () => {
    traffic.start()
    for (let count = 0; count < 5; count += 1) probes.fire()
    const fired = probes.fired.map(({ accountId }) => accountId)
    await arrivedForAll('at-once', fired)
    const before = new Map(traffic.facts)
    // So that some runs are waiting at the very moment that the backup is of, however long it takes to come.
    const firing = setInterval(() => probes.left > 0 && probes.fire(), 1_000)
    const { code, out } = await run('deploy/backup/backup.ts', [backup], { BANSO_HOME: stage.home })
    clearInterval(firing)
    options.say(out.trim())
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('taken while it ran') })
    await sleep(1_000)
    await traffic.stop()
    await probes.answered()
    const all = probes.fired.map(({ accountId }) => accountId)
    await arrivedForAll('later', all)
    await stage.system.stop()
    rmSync(stage.home, { recursive: true })

    const restoring = await run('deploy/backup/restore.ts', [backup], { BANSO_HOME: home })
    options.say(restoring.out.trim())
    expect(restoring.code).toBe(0)
    restoredAt = Date.now()
    restored = await startHere(options, { home, inbox: stage.inbox })
    await idle()

    // Nothing that was backed up is lost, nothing counts twice; what came after the backup is not known.
    const lost = await auditUsage({ facts: before }, accountIds, stage.api)
    expect(lost.lost).toBe(0)
    const missing = await auditUsage(traffic, accountIds, stage.api)
    expect(missing).toMatchObject({ doubled: 0 })
    expect(missing.lost).toBeGreaterThan(0)
    expect(countOf(traffic.facts) - missing.lost).toBeGreaterThanOrEqual(countOf(before))

    // Sent again, all of it: what was known is dropped, the rest is counted once.
    const sent = capture.accepted
    for (let at = 0; at < sent.length; at += 300) await stage.capture.send(sent.slice(at, at + 300))
    await idle()
    expect(await auditUsage(traffic, accountIds, stage.api)).toEqual({ lost: 0, doubled: 0 })

    // Effects: what was done before the backup is not done again; what was under way is, under its id.
    const known = await knownToTheBackup('later', all)
    await arrivedForAll('later', known)
    for (const ids of deliveries('at-once', fired)) expect(ids).toHaveLength(1)
    for (const ids of deliveries('later', known)) expect(new Set(ids).size).toBe(1)
    const again = deliveries('later', known).flat().length - known.length
    options.say(`${known.length} runs were known to the backup; ${again} webhooks came again under their ids`)
    expect(known.length).toBeGreaterThanOrEqual(fired.length)
    expect(again).toBeGreaterThan(0)
    expect(stage.receiver.refused).toBe(0)
  }, 240_000)
})

interface Diagnosis {
  readonly findings: readonly { readonly code: string; readonly place: string; readonly what: string }[]
}

const doctor = async (): Promise<{ code: number; found: string[]; out: string }> => {
  const { code, out } = await run('services/cli/bin/banso.js', ['--home', home, '--json', 'doctor'])
  const { findings } = JSON.parse(out.slice(0, out.indexOf('\n'))) as Diagnosis
  return { code, found: findings.map((finding) => `${finding.place}: ${finding.code}`), out }
}

const asAdmin = async (database: string, sql: string): Promise<void> => {
  const url = new URL(restored?.databaseUrls.log ?? '')
  Object.assign(url, { username: 'postgres', pathname: `/${database}` })
  url.password = restored?.secrets.get('BANSO_DATABASE_PASSWORD_POSTGRES') ?? ''
  const client = new pg.Client(url.href)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

describe('banso doctor on the system that was restored', () => {
  it('finds nothing wrong', async () => {
    const { code, found, out } = await doctor()
    expect({ found, code }).toEqual({ found: [], code: 0 })
    expect(out).toContain('"notChecked":[]')
  }, 60_000)

  it('finds a role that may connect elsewhere, a topic that was changed, readable secrets, and a service that is down', async () => {
    await asAdmin('postgres', 'GRANT CONNECT ON DATABASE banso_accounts TO banso_health')
    await asAdmin('banso_log', `UPDATE topic SET retention_ms = 60000 WHERE name = 'health.changes.v1'`)
    chmodSync(join(home, 'secrets'), 0o644)
    await restored?.supervisor.stop('journeys', 15_000)
    const { code, found } = await doctor()
    expect(code).toBe(5)
    expect(found).toEqual([
      'this machine: SECRETS_READABLE',
      'health: TOPIC_DIFFERS',
      'journeys: NOT_RUNNING',
      'health: DATABASE_OPEN',
    ])
  }, 60_000)
})
