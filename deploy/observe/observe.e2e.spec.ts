import { describeKafka, eventually, metricFaults, type ReceivedSpan } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryHome } from '../drive/temporary-home.ts'
import { until } from '../drive/wait.ts'
import { services } from '../local/secrets.ts'
import { loadHistory, readHistory } from '../smoke/load-history.ts'
import { WAIT_SECONDS } from '../smoke/rescue.ts'
import { type StoryResult, tellStory } from '../smoke/story.ts'
import { hasPrometheus, hasPromtool, type Prometheus, promtool, startPrometheus } from './prometheus.ts'
import { alertQueries, dashboardQueries, metricsIn, pathOf, type Query } from './queries.ts'
import { setTracedStage, tellTracedStory, type TracedStage, type TracedStory } from './traced-story.ts'

const PORTS = { embedded: 29_000, kafka: 19_000 }

/** The way of one event, each step the child of the one before it; what the log holds comes from the sorter's output. */
const WAY = [
  ['ingestion', 'POST /v1/:call'],
  ['health', 'process ingestion.usage-events.v1'],
  ['playbooks', 'process health.changes.v1'],
  ['playbooks', 'timer send-webhook'],
  ['playbooks', 'POST'],
] as const

const BESIDE = ['process ingestion.received.v1', 'send health.changes.v1', 'send playbooks.runs.v1']

/** What the spans of a story tell, as far as it should be the same each time. */
const toldBy = ({ callerSpanId, spans: spansByNow, arrival, traceId }: TracedStory) => {
  const spans = spansByNow()
  let parent = callerSpanId
  const way = WAY.map(([service, name]) => {
    const isNext = (span: ReceivedSpan): boolean =>
      span.service === service && span.name === name && span.parentSpanId === parent
    const found = spans.find(isNext)
    parent = found?.spanId ?? 'none'
    return [found?.service, found?.name, found?.failed]
  })
  const known = new Set([callerSpanId, ...spans.map(({ spanId }) => spanId)])
  return {
    way,
    sentOn: arrival.traceparent === `00-${traceId}-${parent}-01`,
    missing: BESIDE.filter((name) => !spans.some((span) => span.name === name)),
    strangers: spans.filter(({ parentSpanId }) => !known.has(parentSpanId)),
    personal: JSON.stringify(spans).match(/hanako|little-use|Report Created/g),
  }
}

const SPANS_COME = { timeoutMs: 15_000 }
const ONE_TRACE = {
  way: WAY.map(([service, name]) => [service, name, false]),
  sentOn: true,
  missing: [],
  strangers: [],
  personal: null,
}

const tellSmoke = async (stage: TracedStage): Promise<StoryResult> => {
  const lines: string[] = []
  return tellStory(stage, (line) => lines.push(line)).catch((fault: unknown) => {
    process.stderr.write(`${lines.join('\n')}\n`)
    throw fault
  })
}

const RED = 40
/** A webhook is seen to arrive before its sender knows. */
const UNKNOWN_MS = 100
const faultsIn = ({ before, after, webhookToMailMs }: StoryResult): string[] => [
  ...(before < RED ? [`${before} points were red before`] : []),
  ...(after >= RED ? [`${after} points are not red`] : []),
  ...(webhookToMailMs <= WAIT_SECONDS * 1000 - UNKNOWN_MS ? [`the mail came after ${webhookToMailMs} ms`] : []),
]

// Of these there is nothing to see while all is well, or where Prometheus has no node_exporter.
const NOTHING_TO_SEE =
  /banso_(parked_messages|dead_messages|fence_drops|infrastructure_pauses|action_possible_doubles)_total|node_|status="503"|status=~"|"failed"/

describe('a system that is observed, on the embedded log', () => {
  const home = temporaryHome('observed')
  const shown = new Map<string, string>()
  let stage: TracedStage
  let smoke: StoryResult
  let story: TracedStory

  beforeAll(async () => {
    stage = await setTracedStage({ kafka: false, portBase: PORTS.embedded })
    story = await tellTracedStory(stage)
    smoke = await tellSmoke(stage)
    for (const service of services)
      shown.set(service, await (await fetch(`${stage.system.addresses[service]}/metrics`)).text())
  }, 180_000)
  afterAll(async () => {
    await stage?.close()
    home.remove()
  }, 60_000)

  it("makes a webhook, a mail and a task of a customer's ticket: the story of npm run smoke", () => {
    expect(faultsIn(smoke)).toEqual([])
  })

  it('counts a log of past activity as its file has it, and sets nothing off: npm run history', async () => {
    const events = readHistory(join(import.meta.dirname, '../smoke/history-sample.csv'))
    const result = await loadHistory(stage, events)
    expect(result).toMatchObject({ rows: 37, facts: 21, different: 0, fired: 0 })
    expect(result.sent).toBeGreaterThan(37)
    expect(result.heldBack).toBeGreaterThan(0)
  }, 60_000)

  it('tells in one trace what came of a request of the SDK, to the webhook', async () => {
    await eventually(() => expect(toldBy(story)).toEqual(ONE_TRACE), SPANS_COME)
  })

  it('shows metrics that keep the conventions', () => {
    const faults = [...shown].flatMap(([service, text]) => metricFaults(text).map((fault) => `${service}: ${fault}`))
    expect(faults).toEqual([])
  })

  const withPromtool = hasPromtool ? describe : describe.skip
  withPromtool('by promtool', () => {
    it('shows metrics that it finds nothing in', () => {
      for (const text of shown.values()) expect(promtool(['check', 'metrics'], text)).toEqual({ status: 0, output: '' })
    })
  })

  it('shows every metric that the dashboard and the alerts ask for', () => {
    const names = new Set(
      [...shown.values()].flatMap((text) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)),
    )
    const asked = [...dashboardQueries(), ...alertQueries()].flatMap(metricsIn)
    expect(asked.length).toBeGreaterThan(50)
    expect(asked.filter((name) => !names.has(name))).toEqual([])
  })

  const withPrometheus = hasPrometheus ? describe : describe.skip
  withPrometheus('by a real Prometheus', () => {
    let prometheus: Prometheus

    beforeAll(async () => {
      const file = join(home.path, 'prometheus.yml')
      const sample = readFileSync(pathOf('prometheus.yml'), 'utf8')
      writeFileSync(
        file,
        sample
          .replaceAll(/127\.0\.0\.1:4(\d{3})/g, (_, port) => `127.0.0.1:${PORTS.embedded + Number(port)}`)
          .replaceAll(/(scrape|evaluation)_interval: 15s/g, '$1_interval: 1s')
          .replace('alerts.yml', pathOf('alerts.yml')),
      )
      prometheus = await startPrometheus(file)
      await until('every service is scraped', 30_000, async () => {
        const scraped = await prometheus.query('count_over_time(up{job="banso"}[1m]) > 3 and up == 1')
        return scraped.length === services.length ? true : undefined
      })
    }, 90_000)
    afterAll(() => prometheus?.close(), 30_000)

    it('knows each service by its name', async () => {
      const names = (await prometheus.query('up{job="banso"}')).map(({ metric }) => metric['service'])
      expect(new Set(names)).toEqual(new Set(services))
      expect(names).toHaveLength(services.length)
    })

    const faultIn = async ({ from, expr }: Query): Promise<string[]> => {
      try {
        const found = await prometheus.query(expr)
        return found.length > 0 || NOTHING_TO_SEE.test(expr) ? [] : [`${from} shows nothing: ${expr}`]
      } catch (fault) {
        return [`${from}: ${String(fault)}: ${expr}`]
      }
    }

    it('answers every query of the dashboard and of the alerts', async () => {
      const queries = [...dashboardQueries(), ...alertQueries()]
      const faults = await Promise.all(queries.map(faultIn))
      expect(faults.flat()).toEqual([])
    })

    it('has taken every rule, and none of them fires while all is well', async () => {
      const { groups } = await prometheus.get<{
        groups: { rules: { name: string; health: string; state: string }[] }[]
      }>('rules')
      const rules = groups.flatMap((group) => group.rules)
      expect(rules).toHaveLength(alertQueries().length)
      expect(rules.filter(({ health, state }) => health === 'err' || state === 'firing')).toEqual([])
    })
  })
})

describeKafka('a system that is observed, on Kafka', () => {
  let stage: TracedStage

  beforeAll(async () => {
    stage = await setTracedStage({ kafka: true, portBase: PORTS.kafka })
  }, 180_000)
  afterAll(() => stage?.close(), 60_000)

  it('tells in one trace what came of a request of the SDK, to the webhook', async () => {
    const story = await tellTracedStory(stage)
    await eventually(() => expect(toldBy(story)).toEqual(ONE_TRACE), SPANS_COME)
  }, 60_000)

  it("makes a webhook, a mail and a task of a customer's ticket: the story of npm run smoke", async () => {
    expect(faultsIn(await tellSmoke(stage))).toEqual([])
  }, 180_000)
})
