// Playbooks of many steps by the service as it runs: what their webhooks bring, at a time that tests set.
import { eventually, ManualClock } from '@banso/testing'
import { randomUUID } from 'node:crypto'
import assert from 'node:assert/strict'
import { Receiver } from './receiver.ts'
import { createDatabases, type Databases, type RunAnswer, Service } from './service.ts'
import { turnedRed } from './turned-red.ts'

const NOON = new Date('2026-03-20T12:00:00.000Z')
const RED = { on: 'band-changed', to: ['red'] }

export const DAY = 86_400_000

export class Stepping {
  /** One account for each playbook, so that tests do not meet. */
  readonly #accounts = new Map<string, string>()

  private constructor(
    readonly clock: ManualClock,
    readonly receiver: Receiver,
    private readonly databases: Databases,
    public service: Service,
  ) {}

  static async open(): Promise<Stepping> {
    const [databases, clock] = [await createDatabases(), new ManualClock(NOON)]
    const receiver = await new Receiver().listen()
    return new Stepping(clock, receiver, databases, await Service.start(databases, {}, clock))
  }

  async close(): Promise<void> {
    await this.service.close()
    await this.receiver.close()
    await this.databases.drop()
  }

  /** Another week, so that no cap or schedule of before counts. */
  beginAnew(): void {
    this.receiver.received.length = 0
    this.clock.advance(7 * DAY)
  }

  /** Stopped, and started again when it is later by so much. */
  async restartAfter(milliseconds: number): Promise<void> {
    await this.service.close()
    this.clock.advance(milliseconds)
    this.service = await Service.start(this.databases, {}, this.clock)
  }

  accountOf(name: string): string {
    const account = this.#accounts.get(name) ?? randomUUID()
    this.#accounts.set(name, account)
    return account
  }

  /** A step that calls the path. */
  call(path: string, overrides: object = {}): object {
    return { id: path.slice(1), action: { kind: 'webhook', url: this.receiver.url(path) }, ...overrides }
  }

  /** A playbook of these steps, set off when its account turns red. */
  async put(name: string, steps: readonly object[], document: object = {}): Promise<void> {
    const audience = `account.id in ["${this.#accounts.get(name) ?? ''}"]`
    const playbook = { mode: 'active', trigger: RED, audience, steps, ...document }
    const { status, body } = await this.service.call('PUT', `/v1/playbooks/${name}`, playbook)
    assert.ok(status === 200 || status === 201, JSON.stringify(body))
  }

  turnRed(account: string): Promise<void> {
    return this.service.publish(turnedRed(account, { at: this.clock.now() }))
  }

  /** The paths that were called, in order. */
  get paths(): readonly string[] {
    return this.receiver.received.map(({ path }) => path)
  }

  arrived(...expected: readonly string[]): Promise<void> {
    return eventually(() => assert.deepEqual(this.paths, expected))
  }

  /** The account's newest run, once it waits at this step. */
  waitingAt(account: string, step: string): Promise<RunAnswer> {
    return eventually(async () => {
      const [run] = await this.service.runsOf(account)
      assert.equal(run?.waiting?.step, step)
      return run
    })
  }
}
