// The AsyncAPI 3 document of every topic, from the table of topics, the event schemas and the golden records.
import {
  eventSchemas,
  HEADER,
  isEventType,
  type TopicDeclaration,
  topicList,
  TRACEPARENT_HEADER,
} from '@banso/contracts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const goldenFolder = join(import.meta.dirname, '../libs/contracts/golden')

interface Golden {
  readonly headers: Readonly<Record<string, string>>
  readonly key: string
  readonly data: unknown
}

const goldenOf = (type: string): Golden =>
  JSON.parse(readFileSync(join(goldenFolder, `${type}.json`), 'utf8')) as Golden

const text = (description: string, more: object = {}): object => ({ type: 'string', description, ...more })

/** CloudEvents 1.0, Kafka binary binding. */
const headersOf = (type: string, { owner }: TopicDeclaration): object => ({
  type: 'object',
  required: [HEADER.specversion, HEADER.id, HEADER.type, HEADER.source, HEADER.time, HEADER.contentType],
  properties: {
    [HEADER.specversion]: { type: 'string', const: '1.0' },
    [HEADER.id]: text('UUID or another unique text.', { minLength: 1 }),
    [HEADER.type]: { type: 'string', const: type },
    [HEADER.source]: { type: 'string', const: `/banso/${owner}` },
    [HEADER.time]: text("The event's own time.", { format: 'date-time' }),
    [HEADER.subject]: text('What it is about: the account id, where there is one.'),
    [HEADER.writer]: text('Who appended; with `ce_sequence` it tells what was written twice.'),
    [HEADER.sequence]: text('Rises per topic, partition and writer; what does not rise was written before.', {
      pattern: '^\\d{1,16}$',
    }),
    [TRACEPARENT_HEADER]: text('W3C trace context, where traces are on.'),
    [HEADER.contentType]: { type: 'string', const: 'application/json' },
  },
})

/** `health.band-changed.v1` → `Band changed` */
const titleOf = (type: string): string => {
  const words = (type.split('.')[1] ?? type).replaceAll('-', ' ')
  return (words[0] ?? '').toUpperCase() + words.slice(1)
}

const messageOf = (type: string, topic: TopicDeclaration): object => {
  if (!isEventType(type)) throw new Error(`${type} has no schema`)
  const { description, ...payload } = JSON.parse(JSON.stringify(eventSchemas[type])) as { description?: string }
  const { headers, data } = goldenOf(type)
  return {
    name: type,
    title: titleOf(type),
    ...(description !== undefined && { summary: description }),
    contentType: 'application/json',
    headers: headersOf(type, topic),
    payload,
    bindings: { kafka: { key: text(`The ${topic.key}.`), bindingVersion: '0.5.0' } },
    examples: [{ name: 'golden', headers, payload: data }],
  }
}

const keptOf = ({ compacted, trimmed }: TopicDeclaration): string => {
  if (compacted) return 'Compacted: the latest record of each key is kept.'
  return trimmed ? 'Kept until its owner has passed and trims it.' : 'Kept for ever: consumers rebuild from it.'
}

const channelOf = (topic: TopicDeclaration): object => ({
  address: topic.name,
  description: `Written by ${topic.owner} alone, keyed by the ${topic.key}. ${keptOf(topic)}`,
  messages: Object.fromEntries(topic.types.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
  bindings: {
    kafka: {
      topic: topic.name,
      partitions: topic.partitions,
      topicConfiguration: {
        'cleanup.policy': [topic.compacted ? 'compact' : 'delete'],
        'retention.ms': topic.retentionMs ?? -1,
      },
      bindingVersion: '0.5.0',
    },
  },
})

const operationOf = ({ name, owner, types }: TopicDeclaration): object => ({
  action: 'send',
  summary: `${owner} writes ${name}`,
  channel: { $ref: `#/channels/${name}` },
  messages: types.map((type) => ({ $ref: `#/channels/${name}/messages/${type}` })),
})

export const asyncApiDocument = (): unknown => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Banso: topics',
    version: '1',
    description:
      'Everything that travels between the services of Banso. CloudEvents 1.0 in the Kafka binary binding: attributes are ' +
      '`ce_*` headers, the value is the JSON data. Within a version schemas only grow, by optional fields: readers must let ' +
      'unknown fields pass. `ingestion.received.v1` is private to ingestion and holds personal data in clear; elsewhere ' +
      'what is personal is sealed.',
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
  },
  defaultContentType: 'application/json',
  servers: {
    kafka: {
      host: '127.0.0.1:4092',
      protocol: 'kafka',
      description: 'As `npm start -- --kafka` runs it; elsewhere what `KAFKA_BROKERS` names.',
    },
  },
  channels: Object.fromEntries(topicList.map((topic) => [topic.name, channelOf(topic)])),
  operations: Object.fromEntries(topicList.map((topic) => [`send.${topic.name}`, operationOf(topic)])),
  components: {
    messages: Object.fromEntries(
      topicList.flatMap((topic) => topic.types.map((type) => [type, messageOf(type, topic)])),
    ),
  },
})
