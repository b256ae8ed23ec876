import type { IHeaders } from 'kafkajs'
import type { LogRecord, TopicPartition } from '../event-log.ts'

export interface KafkaMessageLike {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly timestamp: string
  readonly offset: string
  readonly headers?: IHeaders | undefined
}

export const toLogRecord = ({ topic, partition }: TopicPartition, message: KafkaMessageLike): LogRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  appendedAt: new Date(Number(message.timestamp)),
  key: message.key?.toString() ?? '',
  value: message.value ?? Buffer.alloc(0),
  headers: toHeaders(message.headers),
})

/** A header that stands there twice counts by its last value, as with the CloudEvents SDKs. */
const toHeaders = (headers: IHeaders | undefined): Record<string, string> => {
  const plain: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    const last = Array.isArray(value) ? value.at(-1) : value
    if (last !== undefined) plain[name] = last.toString()
  }
  return plain
}
