// Imports nothing of ours but types, like `kafka-settings.ts`.
import net, { isIP } from 'node:net'
import { connect as connectByTls } from 'node:tls'
import type { ISocketFactory, KafkaConfig } from 'kafkajs'
import type { KafkaSecurity } from './kafka-settings.ts'

/** Code of the error of a connection in plain text to a port that speaks TLS. */
export const TLS_SPOKEN_HERE = 'KAFKA_TLS_SPOKEN_HERE'

const KEEP_ALIVE_MS = 60_000
/** The first bytes of a TLS alert. As the length of an answer of Kafka they would be 350 MB. */
const TLS_ALERT = Buffer.from([0x15, 0x03])

class TlsSpokenHereError extends Error {
  readonly code = TLS_SPOKEN_HERE
}

/** As kafkajs's own, which takes a TLS alert for the beginning of a long answer and waits for the rest. */
const openSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const isTls: unknown = ssl
  if (isTls) {
    const named = isIP(host) === 0 ? { servername: host } : {}
    return connectByTls({ host, port, ...named, ...ssl }, onConnect).setKeepAlive(true, KEEP_ALIVE_MS)
  }
  const socket = net.connect({ host, port }, onConnect).setKeepAlive(true, KEEP_ALIVE_MS)
  return socket.once('data', (first: Buffer) => {
    if (first.subarray(0, TLS_ALERT.length).equals(TLS_ALERT))
      socket.destroy(new TlsSpokenHereError('the port speaks TLS'))
  })
}

/** What kafkajs must be given to connect like this. */
export const securedBy = ({ tls, sasl }: KafkaSecurity): Pick<KafkaConfig, 'ssl' | 'sasl' | 'socketFactory'> => ({
  socketFactory: openSocket,
  ...(tls && { ssl: { ...tls } }),
  // A copy, because kafkajs keeps something of its own in it.
  ...(sasl && { sasl: { ...sasl } }),
})
