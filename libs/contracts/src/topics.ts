// The one table of topics: who writes each, how it is keyed, kept and sized, and which event types it carries.
// No topic string stands anywhere else. Types not listed here must not be appended to a topic.

export type ServiceName = 'ingestion' | 'accounts' | 'health' | 'journeys' | 'playbooks'

export interface TopicDeclaration {
  /** `<owner>.<plural-noun>.v<major>` */
  readonly name: string
  /** The only service that appends to it. */
  readonly owner: ServiceName
  /** Stable number of the topic; first argument of the outbox's advisory lock. Never reused. */
  readonly number: number
  /** What the record key is. */
  readonly key: 'source and sender' | 'person id' | 'account id'
  /** Fixed when the topic is made. */
  readonly partitions: number
  /** Milliseconds; null keeps everything (rebuilding needs it). */
  readonly retentionMs: number | null
  /** Latest record per key is kept; older ones may go. */
  readonly compacted: boolean
  /** Records may be deleted from its start by the owner (`EventLog.trim`). */
  readonly trimmed: boolean
  /** Largest record (key, value and headers), in bytes. */
  readonly maxRecordBytes: number
  /** CloudEvents types it may carry. */
  readonly types: readonly string[]
}

const DEFAULT_PARTITIONS = 16
const DEFAULT_MAX_RECORD_BYTES = 262_144

/** The longest outage promised: records of a compacted topic are not compacted away before it. Milliseconds. */
export const MIN_COMPACTION_LAG_MS = 7 * 24 * 3_600_000

const kept = {
  partitions: DEFAULT_PARTITIONS,
  retentionMs: null,
  compacted: false,
  trimmed: false,
  maxRecordBytes: DEFAULT_MAX_RECORD_BYTES,
} as const

const compacted = { ...kept, compacted: true } as const

export const topics = {
  received: {
    ...kept,
    name: 'ingestion.received.v1',
    owner: 'ingestion',
    number: 1,
    key: 'source and sender',
    trimmed: true,
    types: ['ingestion.segment-call-received.v1', 'ingestion.zendesk-ticket-received.v1'],
  },
  personKeys: {
    ...compacted,
    name: 'ingestion.person-keys.v1',
    owner: 'ingestion',
    number: 2,
    key: 'person id',
    types: ['ingestion.person-key-made.v1'],
  },
  usageEvents: {
    ...kept,
    name: 'ingestion.usage-events.v1',
    owner: 'ingestion',
    number: 3,
    key: 'account id',
    types: ['ingestion.product-used.v1'],
  },
  tickets: {
    ...kept,
    name: 'ingestion.tickets.v1',
    owner: 'ingestion',
    number: 4,
    key: 'account id',
    types: [
      'ingestion.ticket-opened.v1',
      'ingestion.ticket-replied.v1',
      'ingestion.ticket-status-changed.v1',
      'ingestion.ticket-rated.v1',
    ],
  },
  observations: {
    ...kept,
    name: 'ingestion.observations.v1',
    owner: 'ingestion',
    number: 5,
    key: 'account id',
    types: ['ingestion.person-observed.v1', 'ingestion.account-observed.v1'],
  },
  profiles: {
    ...compacted,
    name: 'accounts.profiles.v1',
    owner: 'accounts',
    number: 6,
    key: 'account id',
    types: ['accounts.account-profiled.v1'],
  },
  scores: {
    ...compacted,
    name: 'health.scores.v1',
    owner: 'health',
    number: 7,
    key: 'account id',
    types: ['health.account-scored.v1'],
  },
  healthChanges: {
    ...kept,
    name: 'health.changes.v1',
    owner: 'health',
    number: 8,
    key: 'account id',
    types: ['health.band-changed.v1', 'health.score-moved.v1', 'health.alarm-raised.v1'],
  },
  runs: {
    ...kept,
    name: 'playbooks.runs.v1',
    owner: 'playbooks',
    number: 9,
    key: 'account id',
    types: [
      'playbooks.run-started.v1',
      'playbooks.run-held-back.v1',
      'playbooks.action-requested.v1',
      'playbooks.action-done.v1',
      'playbooks.action-failed.v1',
      'playbooks.run-finished.v1',
    ],
  },
  journeyProgress: {
    ...kept,
    name: 'journeys.progress.v1',
    owner: 'journeys',
    number: 10,
    key: 'account id',
    types: [
      'journeys.stage-entered.v1',
      'journeys.milestone-reached.v1',
      'journeys.pace-changed.v1',
      'journeys.flag-raised.v1',
      'journeys.flag-cleared.v1',
    ],
  },
} as const satisfies Record<string, TopicDeclaration>

export type TopicName = (typeof topics)[keyof typeof topics]['name']

export const topicList: readonly TopicDeclaration[] = Object.values(topics)

const byName = new Map<string, TopicDeclaration>(topicList.map((topic) => [topic.name, topic]))

/** The declaration of a topic; undefined for a name that is not ours. */
export const topicNamed = (name: string): TopicDeclaration | undefined => byName.get(name)

/**
 * `ce_sequence` of what the sorter emits is `raw offset × SLOTS_PER_RECORD + slot`; one fixed slot per kind of output,
 * in the order in which the outputs of one record are appended. Numbers are never reused.
 */
export const SLOTS_PER_RECORD = 64
export const sorterSlots = {
  personKey: 0,
  accountKey: 1,
  accountObserved: 2,
  personObserved: 3,
  productUsed: 4,
  ticketOpened: 5,
  ticketReplied: 6,
  ticketStatusChanged: 7,
  ticketRated: 8,
} as const
export type SorterSlot = keyof typeof sorterSlots
