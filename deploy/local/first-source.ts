// A first start makes one source with a write key, so that there is something to send to.
import type { RunningSystem } from './system.ts'

const SOURCE = 'development'
const KEY_NAME = 'BANSO_DEVELOPMENT_WRITE_KEY'

const post = async (url: string, token: string, body: unknown): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** The development source's write key; made, with the source, when there is none yet. */
export const firstSource = async ({ addresses, secrets }: RunningSystem): Promise<string> => {
  const known = secrets.find(KEY_NAME)
  if (known) return known
  const token = secrets.get('BANSO_SERVICE_TOKEN_INGESTION')
  const sources = `${addresses.ingestion}/v1/sources`
  const made = await post(sources, token, { name: SOURCE, kind: 'segment' })
  if (!made.ok && made.status !== 409) throw new Error(`the development source could not be made: ${await made.text()}`)
  const answer = await post(`${sources}/${SOURCE}/keys`, token, { kind: 'server' })
  if (!answer.ok) throw new Error(`the development write key could not be made: ${await answer.text()}`)
  const { writeKey } = (await answer.json()) as { writeKey: string }
  secrets.set(KEY_NAME, writeKey)
  return writeKey
}

export const curlLine = (capture: string, writeKey: string): string =>
  `curl -s -u '${writeKey}:' -H 'content-type: application/json' ${capture}/v1/track ` +
  `-d '{"userId":"u-1","event":"Report Created","context":{"groupId":"acme"}}'`
