// The services' APIs that have a document. Their modules are asked what routes they have; nothing of them is started.
import type { DynamicModule } from '@nestjs/common'
import type { DocumentBuilder } from '@nestjs/swagger'
import type { UsualProblems } from './tell-operations.ts'

/** Loads a file of the sources by its path from the root. */
export type Load = (path: string) => Promise<Readonly<Record<string, unknown>>>

export interface ServiceDocument {
  /** Of the file: `docs/api/<name>.openapi.json`. */
  readonly name: string
  readonly title: string
  readonly description: string
  readonly url: string
  readonly security: Readonly<Record<string, SecuritySchemeObject>>
  readonly usual: UsualProblems
  module(load: Load): Promise<DynamicModule>
}

type SecuritySchemeObject = Parameters<DocumentBuilder['addSecurity']>[1]
type Settings = Readonly<Record<string, string>>

// Well-formed, and of nothing that is there.
const settingsOf = (service: string): Settings => {
  const prefix = service.toUpperCase()
  return {
    [`${prefix}_DATABASE_URL`]: 'postgres://nobody@127.0.0.1:1/nothing',
    [`BANSO_SERVICE_TOKEN_${prefix}`]: 'token-of-a-document',
    BANSO_LOG_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
    BANSO_MASTER_KEY: `${'A'.repeat(43)}=`,
  }
}

const serviceModule = async (load: Load, service: string): Promise<DynamicModule> => {
  const { AppModule } = (await load(`services/${service}/src/app.module.ts`)) as {
    AppModule: { forConfig(config: unknown): DynamicModule }
  }
  const { loadConfig } = (await load(`services/${service}/src/config.ts`)) as {
    loadConfig: (env: Settings) => unknown
  }
  return AppModule.forConfig(loadConfig(settingsOf(service)))
}

const serviceToken: SecuritySchemeObject = {
  type: 'http',
  scheme: 'bearer',
  description: "The service's own token, `BANSO_SERVICE_TOKEN_<SERVICE>`; `npx banso token` shows it.",
}

const usualOfServices: UsualProblems = ({ isPublic, takesBody, takesDto, takesCursor, takesParameters }) => ({
  ...((takesDto || takesBody || takesParameters) && {
    400: [
      ...(takesDto ? ['VALIDATION_FAILED'] : []),
      ...(takesCursor ? ['CURSOR_INVALID'] : []),
      ...(takesBody ? ['JSON_INVALID'] : []),
      'REQUEST_INVALID',
    ],
  }),
  ...(!isPublic && { 401: ['TOKEN_INVALID'] }),
  ...(takesBody && { 413: ['BODY_TOO_LARGE'], 415: ['MEDIA_TYPE_UNSUPPORTED'] }),
  500: ['INTERNAL'],
})

const ofService = (service: string, port: number, description: string): ServiceDocument => ({
  name: service,
  title: `Banso: ${service}`,
  description,
  url: `http://127.0.0.1:${port}`,
  security: { serviceToken },
  usual: usualOfServices,
  module: (load) => serviceModule(load, service),
})

const capture: ServiceDocument = {
  name: 'capture',
  title: 'Banso: capture',
  description:
    "Where your product and your desk send to: Segment's HTTP API, and signed webhooks of Zendesk. The public side of " +
    'ingestion; bodies may be packed by gzip and have at most 512,000 bytes, a single event 32,768.',
  url: 'http://127.0.0.1:4001',
  security: {
    writeKey: { type: 'http', scheme: 'basic', description: 'The write key as user name, without a password.' },
    signature: {
      type: 'apiKey',
      in: 'header',
      name: 'X-Zendesk-Webhook-Signature',
      description: "base64 of HMAC-SHA256 over timestamp and body, by the webhook's signing secret.",
    },
  },
  usual: ({ takesBody }) => ({
    ...(takesBody && {
      400: ['JSON_INVALID', 'UTF8_INVALID', 'ENCODING_INVALID'],
      413: ['BODY_TOO_LARGE'],
      415: ['ENCODING_UNSUPPORTED'],
      503: ['INTAKE_UNAVAILABLE', 'SENDER_UNCHECKED'],
    }),
    500: ['INTERNAL'],
  }),
  module: async (load) => {
    const { CaptureModule } = (await load('services/ingestion/src/capture.module.ts')) as {
      CaptureModule: { forParts(parts: object): DynamicModule }
    }
    return CaptureModule.forParts({})
  },
}

export const serviceDocuments: readonly ServiceDocument[] = [
  capture,
  ofService('ingestion', 4011, 'Sources and write keys, what became of events, quarantine.'),
  ofService('accounts', 4002, 'Accounts as they are known now.'),
  ofService('health', 4003, 'Scores and why they are so, usage, tickets, overrides; scorecards.'),
  ofService('journeys', 4004, 'Where accounts stand on their journeys, milestones; journeys as blueprints.'),
  ofService(
    'playbooks',
    4005,
    'Playbooks and their controls, runs, actions, tasks; playbooks and contents as blueprints.',
  ),
]
