// What capture must cost at the least: HTTP, a batch taken apart, its events appended by the same log, an answer. No key is
// checked, nothing validated, spooled or told of an event. A process of its own: `node bare-capture.ts <port> <topic>`.
import { partitionOf } from '@banso/messaging'
import { openLog } from '../open-log.ts'
import { serve } from './bare-server.ts'

interface Event {
  readonly userId: string
}

const [port = '', topic = ''] = process.argv.slice(2)
const { KAFKA_BROKERS: brokers, BANSO_LOG_DATABASE_URL: url = '' } = process.env
const log = openLog(brokers, url)

const recordOf = (event: Event) => ({
  topic,
  partition: partitionOf(topic, event.userId),
  key: event.userId,
  value: Buffer.from(JSON.stringify(event)),
  headers: {},
})

const server = await serve(Number(port), '{"success":true}', async (body) => {
  const { batch } = JSON.parse(body) as { readonly batch: readonly Event[] }
  await log.append(batch.map(recordOf))
})
process.once('SIGTERM', () => {
  void Promise.all([server.close(), log.close()]).finally(() => process.exit(0))
})
