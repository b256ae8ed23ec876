// What capture must cost at the least: HTTP, a batch taken apart, its events appended by the same log, an answer. No key is
// checked, nothing validated, spooled or told of an event. A process of its own: `node bare-capture.ts <port> <topic>`.
import { EmbeddedEventLog, type EventLog, KafkaEventLog, partitionOf } from '@banso/messaging'
import { createServer, type IncomingMessage } from 'node:http'

interface Event {
  readonly userId: string
}

const [port = '', topic = ''] = process.argv.slice(2)
const { KAFKA_BROKERS: brokers, BANSO_LOG_DATABASE_URL: url = '' } = process.env
const log: EventLog = brokers
  ? new KafkaEventLog({ brokers: brokers.split(','), clientId: 'floor' })
  : new EmbeddedEventLog({ url })

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

const recordOf = (event: Event) => ({
  topic,
  partition: partitionOf(topic, event.userId),
  key: event.userId,
  value: Buffer.from(JSON.stringify(event)),
  headers: {},
})

const take = async (request: IncomingMessage): Promise<void> => {
  const { batch } = JSON.parse(await bodyOf(request)) as { readonly batch: readonly Event[] }
  await log.append(batch.map(recordOf))
}

const server = createServer((request, response) => {
  take(request).then(
    () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"success":true}'),
    (fault: unknown) => response.writeHead(500).end(String(fault)),
  )
})
server.listen(Number(port), '127.0.0.1')
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
  void log.close().finally(() => process.exit(0))
})
