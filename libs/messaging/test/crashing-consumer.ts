// A process whose consumption ends by itself: an error of ours gets as far as the log's loop. Its arguments:
// the service's database, and that of the embedded log.
import { topics } from '@banso/contracts'
import { EmbeddedEventLog, GroupConsumer, RunnerMetrics } from '@banso/messaging'
import { createLogger } from '@banso/platform'
import { Registry } from 'prom-client'
import { DataSource } from 'typeorm'

const [, , url = '', logUrl = ''] = process.argv
const metrics = new RunnerMetrics(new Registry())
metrics.pauses.inc = () => {
  throw new TypeError('a bug')
}
const consumer = new GroupConsumer({
  group: 'health',
  topics: [topics.usageEvents],
  dataSource: await new DataSource({ type: 'postgres', url }).initialize(),
  log: new EmbeddedEventLog({ url: logUrl }),
  logger: createLogger({ service: 'health' }),
  metrics,
  processChunks: () => Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })),
})
await consumer.start()
