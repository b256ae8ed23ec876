import type { TopicDeclaration } from '@banso/contracts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

export interface KilledConsumer {
  /** Of the database in which it is present, and which has the embedded log. */
  readonly url: string
  /** With a record at least. */
  readonly topic: TopicDeclaration
  readonly group: string
  /** Of a log on Kafka. */
  readonly brokers?: readonly string[]
}

/** A process begins to consume, and is killed. */
export const killWhileItConsumes = async ({ url, topic, group, brokers = [] }: KilledConsumer): Promise<void> => {
  const node = ['--import', './tools/run-sources.ts', '--conditions=@banso/source']
  const program = ['libs/messaging/test/killed-consumer.ts', url, JSON.stringify(topic), group, ...brokers.slice(0, 1)]
  const consumer = spawn(process.execPath, [...node, ...program], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(consumer.stdout, 'data')
  consumer.kill('SIGKILL')
  await once(consumer, 'exit')
}
