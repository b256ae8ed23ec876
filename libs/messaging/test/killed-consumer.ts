// A process that consumes a topic of the embedded log until it is killed, and says so when it has begun. Its arguments: the
// log's database, the topic, the group.
import { EmbeddedEventLog } from '@banso/messaging'

const [, , url = '', topic = '', group = ''] = process.argv
await new EmbeddedEventLog({ url }).consume({
  group,
  topics: [topic],
  start: async () => 0,
  onBatch: async () => {
    process.stdout.write('consumes\n')
    return { next: 0, pauseMs: 1_000 }
  },
  onCrash: (fault) => {
    throw fault
  },
})
