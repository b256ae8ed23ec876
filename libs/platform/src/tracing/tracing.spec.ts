import { OtlpReceiver } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import Type from 'typebox'
import { parseConfig } from '../config/parse-config.ts'
import { createLogger } from '../logging/logger.ts'
import { openTracing } from './open-tracing.ts'
import { noTracing, type Tracing } from './tracing.ts'
import { tracingSettings } from './tracing-settings.ts'

const logger = createLogger({ service: 'sample', level: 'silent' })
const settingsOf = (env: Record<string, string>) => parseConfig(Type.Object(tracingSettings), env)
const sampled = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const dropped = sampled.replace(/01$/, '00')

describe('tracing that is off', () => {
  it('is so unless an endpoint is set, and when it is disabled', async () => {
    expect(await openTracing('sample', settingsOf({}), logger)).toBe(noTracing)
    const disabled = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' }
    expect(await openTracing('sample', settingsOf(disabled), logger)).toBe(noTracing)
  })

  it('makes nothing, and runs what it is given', () => {
    expect(noTracing.start({ name: 'x', kind: 'internal', parent: sampled })).toBeUndefined()
    expect(noTracing.within(undefined, () => [noTracing.active, 1])).toEqual([undefined, 1])
  })

  // In a process of its own: here, other tests have loaded it.
  it.each([
    ['', []],
    ['http://127.0.0.1:1', ['@opentelemetry/sdk-trace']],
  ])('loads no package of OpenTelemetry: endpoint "%s"', (endpoint, loaded) => {
    const program = `
      import { registerHooks } from 'node:module'
      const seen = new Set()
      registerHooks({ resolve: (name, context, next) => (seen.add(name), next(name, context)) })
      const { openTracing } = await import(${JSON.stringify(join(import.meta.dirname, 'open-tracing.ts'))})
      const endpoint = ${JSON.stringify(endpoint)}
      const settings = { ...(endpoint && { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }), OTEL_TRACES_SAMPLER: 'always_on' }
      await openTracing('sample', settings, {})
      console.log(JSON.stringify([...seen].filter((name) => name === '@opentelemetry/sdk-trace')))
      process.exit(0)`
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
    expect(JSON.parse(output)).toEqual(loaded)
  })
})

describe('the settings', () => {
  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, /OTEL_EXPORTER_OTLP_ENDPOINT/],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /must be one of http\/protobuf, http\/json/],
    [{ OTEL_TRACES_SAMPLER: 'some' }, /must be one of always_on/],
    [{ OTEL_TRACES_SAMPLER_ARG: '2' }, /OTEL_TRACES_SAMPLER_ARG/],
  ])('say what is wrong with %j', (env, fault) => {
    expect(() => settingsOf(env as Record<string, string>)).toThrow(fault)
  })
})

describe('tracing that is on', () => {
  let receiver: OtlpReceiver
  let tracing: Tracing

  const open = async (more: Record<string, string> = {}): Promise<Tracing> => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/`, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', ...more }
    tracing = await openTracing('sample', settingsOf(env), logger)
    return tracing
  }
  const started = (parent?: string) => tracing.start({ name: 'work', kind: 'internal', parent })
  const sent = async () => {
    await tracing.close()
    return receiver.spans
  }

  beforeEach(async () => {
    receiver = await OtlpReceiver.start()
  })
  afterEach(async () => {
    await tracing.close()
    await receiver.close()
  })

  it('goes on with the trace it is given, and says so in what it passes on', async () => {
    await open()
    const span = started(sampled)
    expect(span?.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/)
    span?.end({ attributes: { n: 1 }, fault: 'parked' })
    expect(await sent()).toEqual([
      {
        service: 'sample',
        traceId: '0af7651916cd43dd8448eb211c80319c',
        spanId: span?.traceparent.split('-')[2],
        parentSpanId: 'b7ad6b7169203331',
        name: 'work',
        attributes: { n: 1, 'error.type': 'parked' },
        failed: true,
        linkedTraces: [],
      },
    ])
  })

  it('knows what is active, across what waits, and apart from what runs beside it', async () => {
    await open()
    const [one, other] = [started(), started()]
    const seen = await Promise.all(
      [one, other].map((span) =>
        tracing.within(span, async () => {
          await turn()
          const child = started()
          child?.end()
          return [tracing.active, child?.traceparent.slice(0, 36)]
        }),
      ),
    )
    expect(seen).toEqual([one, other].map((span) => [span?.traceparent, span?.traceparent.slice(0, 36)]))
    expect(one?.traceparent.slice(0, 36)).not.toBe(other?.traceparent.slice(0, 36))
    expect(tracing.active).toBeUndefined()
  })

  it('keeps nothing of a trace that is not kept, and says so in what it passes on', async () => {
    await open()
    const span = started(dropped)
    span?.end()
    expect(span?.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/)
    expect(await sent()).toEqual([])
  })

  it('begins as many traces as the sampler says, and goes on with those of others', async () => {
    await open({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' })
    for (const parent of [undefined, undefined, sampled]) started(parent)?.end()
    expect(await sent()).toHaveLength(1)
  })

  it('begins a trace of its own where it is told to, with a link', async () => {
    await open()
    tracing.start({ name: 'work', kind: 'server', parent: sampled, root: true, links: [sampled] })?.end()
    const [span] = await sent()
    expect(span).toMatchObject({ parentSpanId: '', linkedTraces: ['0af7651916cd43dd8448eb211c80319c'] })
    expect(span?.traceId).not.toBe('0af7651916cd43dd8448eb211c80319c')
  })

  it('speaks protobuf unless it is told otherwise', async () => {
    const bodies: Buffer[] = []
    const collector = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk)).on('end', () => response.end())
    }).listen(0, '127.0.0.1')
    await once(collector, 'listening')
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
    await open({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: '' })
    started(sampled)?.end()
    await tracing.close()
    collector.close()
    expect(Buffer.concat(bodies).includes(Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex'))).toBe(true)
  })

  it('says, once a minute, that what it sends is not taken', async () => {
    const lines: string[] = []
    const loud = createLogger({ service: 'sample', level: 'warn' }, { write: (line) => void lines.push(line) })
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/not/there` }
    tracing = await openTracing('sample', settingsOf(env), loud)
    for (let n = 0; n < 1_000; n += 1) started()?.end()
    await tracing.close()
    expect(lines).toEqual([expect.stringContaining('OTEL_EXPORTER_OTLP_ENDPOINT')])
  })
})
