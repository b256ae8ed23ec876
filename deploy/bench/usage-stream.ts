// Usage events as the sorter writes them, put into the log directly.
import { HEADER, toHeaders, topics } from '@banso/contracts'
import { type AppendRecord, type EventLog, partitionOf } from '@banso/messaging'
import { createHash } from 'node:crypto'
import { seeded } from '../drive/random.ts'

export const TOPIC = topics.usageEvents
const NAMES = ['Report Created', 'Report Shared', 'Dashboard Viewed', 'Export Finished', 'Invite Sent', 'Search Done']
const BATCH = 2000

const uuidOf = (text: string): string => {
  const hex = createHash('md5').update(text).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-')
}

export interface Burst {
  /** Numbers of the accounts that are active in it. */
  readonly accounts: readonly number[]
  readonly events: number
  /** Persons of another round are other persons. */
  readonly round: string
}

/** Who acts: one of so many persons of an account in a round. */
interface Actor {
  readonly account: number
  readonly round: string
  readonly persons: number
}

export class UsageStream {
  readonly #log: Pick<EventLog, 'append'>
  readonly #random = seeded(1)
  readonly #sequences = new Map<number, number>()
  #made = 0

  constructor(log: Pick<EventLog, 'append'>) {
    this.#log = log
  }

  /** One event of each account from one number up to another. */
  async introduce(from: number, to: number): Promise<void> {
    const accounts = Array.from({ length: to - from }, (_, index) => from + index)
    for (let at = 0; at < accounts.length; at += BATCH)
      await this.#log.append(
        accounts.slice(at, at + BATCH).map((account) => this.#record({ account, round: 'first', persons: 1 })),
      )
  }

  /**
   * Events of these accounts in a random order. There are as many pairs of person and feature as events: by chance, a third
   * of the events repeats one and says nothing new.
   */
  async burst({ accounts, events, round }: Burst): Promise<void> {
    const persons = Math.ceil(events / accounts.length / NAMES.length)
    const actor = (): Actor => ({ account: accounts[this.#below(accounts.length)] ?? 0, round, persons })
    for (let made = 0; made < events; made += BATCH) {
      const count = Math.min(BATCH, events - made)
      const records = Array.from({ length: count }, () => this.#record(actor()))
      await this.#log.append(records)
    }
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #record({ account, round, persons }: Actor): AppendRecord {
    const key = uuidOf(`account ${account}`)
    const partition = partitionOf(TOPIC.name, key)
    const sequence = (this.#sequences.get(partition) ?? 0) + 1
    this.#sequences.set(partition, sequence)
    this.#made += 1
    const id = uuidOf(`event ${this.#made}`)
    const time = new Date()
    const data = {
      accountId: key,
      receivedAt: time.toISOString(),
      source: 'product',
      messageId: id,
      personId: uuidOf(`person ${account} ${round} ${this.#below(persons)}`),
      kind: 'track',
      name: NAMES[this.#below(NAMES.length)],
      properties: { rows: 12, format: 'csv' },
    }
    return {
      topic: TOPIC.name,
      partition,
      key,
      value: Buffer.from(JSON.stringify(data)),
      headers: {
        ...toHeaders({ id, type: 'ingestion.product-used.v1', source: '/banso/bench', time, subject: key }),
        [HEADER.writer]: `received/bench/${partition}`,
        [HEADER.sequence]: String(sequence),
      },
    }
  }
}
