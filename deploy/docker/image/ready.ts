// The image's health check: exit 0 when the service that runs in this container says that it is ready.
import { portsFrom } from '../../local/ports.ts'
import { services } from '../../local/secrets.ts'

/** A container runs one service, on its default port. */
const ownApis = services.map((service) => portsFrom(4000)[service])
const ANSWER_WITHIN_MS = 4000

const refusals: string[] = []
for (const port of ownApis) {
  const url = `http://127.0.0.1:${port}/health/ready`
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).catch(() => undefined)
  if (answer?.ok) process.exit(0)
  if (answer) refusals.push(`${url}: ${answer.status} ${await answer.text()}`)
}
console.error(refusals.join('\n') || 'no service listens')
process.exit(1)
