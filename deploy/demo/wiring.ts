// What the demo puts into the installation, and what it takes back: sources with keys, its playbooks, a receiver, an inbox.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Api, ApiError } from '../drive/api.ts'
import { Desk } from '../drive/desk.ts'
import { type Inbox, startInbox } from '../drive/inbox.ts'
import { type Receiver, startReceiver } from '../drive/receiver.ts'
import type { Installation } from './installation.ts'

export interface Wired {
  readonly api: Api
  readonly capture: string
  readonly writeKey: string
  readonly desk: Desk
  readonly receiver: Receiver
  /** Undefined where mails go elsewhere. */
  readonly inbox: Inbox | undefined
  close(): Promise<void>
}

const PRODUCT = 'demo-product'
const DESK = 'demo-desk'
const BANSO = join(import.meta.dirname, '../../services/cli/bin/banso.js')
const BLUEPRINTS = join(import.meta.dirname, 'blueprints')
/** As the blueprints have it; the receiver's port goes with those of the installation. */
const WRITTEN_URL = 'http://127.0.0.1:4026/hook'
const RECEIVER_BEHIND_CAPTURE = 25

const banso = async ({ home }: Installation, ...words: readonly string[]): Promise<unknown> => {
  const { stdout } = await promisify(execFile)(process.execPath, [BANSO, '--home', home, '--json', ...words], {
    env: {},
  })
  return JSON.parse(stdout)
}

/** The demo's blueprints as files whose webhooks go to this URL. */
const blueprintsFor = (url: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'banso-demo-'))
  cpSync(BLUEPRINTS, folder, { recursive: true })
  for (const file of globSync('*.yaml', { cwd: folder })) {
    const path = join(folder, file)
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(WRITTEN_URL, url))
  }
  return folder
}

interface Applied {
  readonly documents: readonly { readonly kind: string; readonly name: string; readonly secret?: string }[]
}

/** Applies the blueprints, and lets the receiver trust what they sign with: shown for a new one, else made anew. */
const applyBlueprints = async (installation: Installation, receiver: Receiver): Promise<void> => {
  const folder = blueprintsFor(receiver.url)
  try {
    const { documents } = (await banso(installation, 'apply', folder)) as Applied
    for (const { kind, name, secret } of documents) {
      if (kind !== 'Playbook') continue
      const known =
        secret ?? ((await banso(installation, 'playbooks', 'rotate-secret', name)) as { secret: string }).secret
      receiver.trust(known)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const makeSource = async (api: Api, source: { name: string; kind: string; signingSecret?: string }): Promise<void> => {
  try {
    await api.call('ingestion', 'POST', '/v1/sources', source)
  } catch (fault) {
    if (!(fault instanceof ApiError && fault.status === 409)) throw fault
    const { name, signingSecret } = source
    if (signingSecret) await api.call('ingestion', 'PUT', `/v1/sources/${name}/signing-secret`, { signingSecret })
  }
}

export const wire = async (installation: Installation): Promise<Wired> => {
  const { addresses, mailPort } = installation
  const api = new Api(installation)
  const signingSecret = randomBytes(24).toString('base64')
  const receiver = await startReceiver(Number(new URL(addresses.capture).port) + RECEIVER_BEHIND_CAPTURE)
  const open: { inbox?: Inbox; keyPath?: string } = {}
  const close = async (): Promise<void> => {
    await receiver.close()
    await open.inbox?.close()
    if (open.keyPath) await api.call('ingestion', 'DELETE', open.keyPath)
  }
  try {
    if (mailPort !== undefined) open.inbox = await startInbox(mailPort)
    await makeSource(api, { name: PRODUCT, kind: 'segment' })
    await makeSource(api, { name: DESK, kind: 'zendesk', signingSecret })
    const keys = `/v1/sources/${PRODUCT}/keys`
    const key = await api.call<{ id: string; writeKey: string }>('ingestion', 'POST', keys, { kind: 'server' })
    open.keyPath = `${keys}/${key.id}`
    await applyBlueprints(installation, receiver)
    const desk = new Desk(addresses.capture, DESK, signingSecret)
    return { api, capture: addresses.capture, writeKey: key.writeKey, desk, receiver, inbox: open.inbox, close }
  } catch (fault) {
    await close()
    throw fault
  }
}
