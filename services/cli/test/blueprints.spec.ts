// `apply` and `plan`: the answers are those of the blueprint API of libs/blueprints.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Asked, LocalService, type Reply } from './local-service.ts'
import { runIn } from './run.ts'

const owners = ['health', 'journeys', 'playbooks'] as const
let service: LocalService
let folder: string
const environment: Record<string, string> = {}

beforeAll(async () => {
  service = await LocalService.start()
  for (const name of owners) {
    environment[`BANSO_${name.toUpperCase()}_URL`] = service.url
    environment[`BANSO_SERVICE_TOKEN_${name.toUpperCase()}`] = `of-${name}`
  }
})
afterAll(() => service?.stop())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'banso-cli-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const banso = (...words: string[]) => runIn({ environment, folder }, ...words)

const write = (path: string, ...lines: string[]): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), `${lines.join('\n')}\n`)
}
const document = (kind: string, name: string, ...spec: string[]): string[] => [
  `kind: ${kind}`,
  `name: ${name}`,
  ...spec,
]

const isTrial = ({ url }: Asked): boolean => url.includes('dryRun=true')
const nameOf = ({ url }: Asked): string => /blueprints\/\w+\/([a-z0-9-]+)/.exec(url)?.[1] ?? ''
const kindOf = ({ url }: Asked): string => /blueprints\/(\w+)\//.exec(url)?.[1] ?? ''

const answerOf = (asked: Asked, more: object = {}): Reply => ({
  body: { kind: kindOf(asked), name: nameOf(asked), version: 1, change: 'created', changes: [], impact: [], ...more },
})
const invalid = (...errors: object[]): Reply => ({
  status: 422,
  body: { code: 'BLUEPRINT_INVALID', detail: 'the document has faults', errors },
})

const missing = (name: string) => ({
  pointer: '/spec/content',
  message: `no ${name}`,
  missing: { kind: 'Content', name },
})

const sent = (): string[] =>
  service.asked.map((asked) => `${isTrial(asked) ? 'try' : 'apply'} ${kindOf(asked)}/${nameOf(asked)}`)

describe('banso apply', () => {
  it('tries all documents first, then applies them, what others name before what names it', async () => {
    write('b/play.yaml', ...document('Playbook', 'act'), '---', ...document('Content', 'words'))
    write('b/deep/card.json', '{ "kind": "Scorecard", "name": "default" }')
    write('b/way.yml', ...document('Journey', 'way'))
    write('b/way.schema.json', '{}')
    write('b/.hidden.yaml', 'not: one')
    write('b/notes.txt', 'not: one')
    service.answer((asked) => answerOf(asked))
    const { exit, out } = await banso('apply', 'b')
    expect(exit).toBe(0)
    const order = ['Content/words', 'Scorecard/default', 'Journey/way', 'Playbook/act']
    expect(sent()).toEqual([...order.map((one) => `try ${one}`), ...order.map((one) => `apply ${one}`)])
    expect(out).toBe(
      [
        'CHANGE   KIND       NAME     VERSION  FILE',
        'created  Content    words    1        b/play.yaml',
        'created  Scorecard  default  1        b/deep/card.json',
        'created  Journey    way      1        b/way.yml',
        'created  Playbook   act      1        b/play.yaml',
        '',
      ].join('\n'),
    )
    expect(service.asked.find((asked) => kindOf(asked) === 'Journey')).toMatchObject({
      method: 'PUT',
      authorization: 'Bearer of-journeys',
      body: { kind: 'Journey', name: 'way' },
    })
  })

  it('sends what is unchanged no second time, and shows what an answer has besides', async () => {
    write('a.yaml', ...document('Playbook', 'same'), '---', ...document('Playbook', 'new'))
    service.answer((asked) =>
      answerOf(asked, nameOf(asked) === 'same' ? { change: 'unchanged' } : isTrial(asked) ? {} : { secret: 'whsec_1' }),
    )
    const { out } = await banso('apply', 'a.yaml')
    expect(sent()).toEqual(['try Playbook/same', 'try Playbook/new', 'apply Playbook/new'])
    expect(out).toContain('unchanged  Playbook  same  1        a.yaml\n')
    expect(out).toMatch(/^Playbook new: webhook secret, shown this once: whsec_1$/m)
  })

  it('applies nothing when a service finds a fault, and says file, line and column of each', async () => {
    write('good.yaml', ...document('Content', 'good'))
    write('bad.yaml', ...document('Playbook', 'bad', 'spec:', '  when: |', '    a &&', '    nonsense', '  days: 0'))
    service.answer((asked) =>
      nameOf(asked) === 'bad'
        ? invalid(
            { pointer: '/spec/days', message: 'must be >= 1' },
            { pointer: '/spec/when', code: 'NAME_UNKNOWN', message: 'there is no nonsense', line: 2, column: 1 },
          )
        : answerOf(asked),
    )
    const { exit, out, err } = await banso('apply', 'good.yaml', 'bad.yaml')
    expect({ exit, out }).toEqual({ exit: 1, out: '' })
    expect(err).toBe(
      [
        'banso: 2 faults in the blueprints; nothing is applied',
        '  bad.yaml:6:5: there is no nonsense (/spec/when)',
        '  bad.yaml:7:9: must be >= 1 (/spec/days)',
        '',
      ].join('\n'),
    )
    expect(sent()).toEqual(['try Content/good', 'try Playbook/bad'])
    const { faults } = JSON.parse((await banso('apply', 'bad.yaml', '--json')).out) as { faults: object[] }
    expect(faults[0]).toEqual({
      file: 'bad.yaml',
      line: 6,
      column: 5,
      pointer: '/spec/when',
      code: 'NAME_UNKNOWN',
      message: 'there is no nonsense',
    })
  })

  it('sends nothing when a file has a fault', async () => {
    write('b/good.yaml', ...document('Content', 'good'))
    write('b/bad.yaml', 'kind: Content', 'name: [')
    service.answer({})
    const { exit, err } = await banso('apply', 'b')
    expect(exit).toBe(2)
    expect(err).toMatch(/^banso: a fault in the blueprints; nothing is applied\n {2}b\/bad\.yaml:\d+:\d+: /)
    expect(service.asked).toEqual([])
  })

  it('tries a document again as if what comes along were there, and only that', async () => {
    write('a.yaml', ...document('Playbook', 'act'), '---', ...document('Content', 'words'))
    service.answer((asked) => {
      if (kindOf(asked) === 'Content' || !isTrial(asked)) return answerOf(asked)
      return asked.url.endsWith('&with=Content%2Fwords') ? answerOf(asked) : invalid(missing('words'))
    })
    expect((await banso('apply', 'a.yaml')).exit).toBe(0)
    expect(sent().at(-1)).toBe('apply Playbook/act')
    service.answer((asked) => (kindOf(asked) === 'Content' ? answerOf(asked) : invalid(missing('other'))))
    expect(await banso('apply', 'a.yaml')).toMatchObject({ exit: 1, err: expect.stringContaining('no other') })
    expect(sent()).toEqual(['try Content/words', 'try Playbook/act'])
  })

  it('shows what was applied, secrets included, when a later document fails', async () => {
    write('a.yaml', ...document('Playbook', 'first'), '---', ...document('Playbook', 'second'))
    service.answer((asked) =>
      !isTrial(asked) && nameOf(asked) === 'second'
        ? { status: 503, body: { code: 'UNAVAILABLE', detail: 'away' } }
        : answerOf(asked, { secret: 'whsec_1' }),
    )
    const { exit, out, err } = await banso('apply', 'a.yaml')
    expect({ exit, err }).toEqual({ exit: 4, err: 'banso: playbooks failed: UNAVAILABLE: away\n' })
    expect(out).toContain('Playbook first: webhook secret, shown this once: whsec_1\n')
    expect(out).not.toContain('second')
  })

  it.each([['nothing-here'], ['empty']])('exits 2 where there is nothing to apply: %s', async (path) => {
    mkdirSync(join(folder, 'empty'))
    service.answer({})
    expect(await banso('apply', path)).toMatchObject({ exit: 2, out: '' })
    expect(service.asked).toEqual([])
  })
})

describe('banso plan', () => {
  const changes = [
    { pointer: '/spec/bands/red', from: 40, to: 35 },
    { pointer: '/title', to: { en: 'Health' } },
    { pointer: '/spec/list/2', from: 'c' },
  ]
  beforeEach(() => write('card.yaml', ...document('Scorecard', 'default')))

  it('says per document what would change, and what that does; sends nothing but trials', async () => {
    service.answer((asked) =>
      answerOf(asked, { version: 3, change: 'changed', changes, impact: ['12 accounts are scored by it'] }),
    )
    const { exit, out } = await banso('plan', 'card.yaml')
    expect({ exit, out }).toEqual({
      exit: 0,
      out: [
        'changed Scorecard default, version 3',
        '  ~ /spec/bands/red: 40 → 35',
        '  + /title: {"en":"Health"}',
        '  - /spec/list/2: "c"',
        '  → 12 accounts are scored by it',
        '0 to create, 1 to change, 0 unchanged',
        '',
      ].join('\n'),
    })
    expect(sent()).toEqual(['try Scorecard/default'])
    expect(JSON.parse((await banso('plan', 'card.yaml', '--json')).out)).toMatchObject({
      documents: [{ file: 'card.yaml', kind: 'Scorecard', name: 'default', change: 'changed', changes }],
      faults: [],
    })
  })

  it('exits 6 with --exit-code when something would change, else 0', async () => {
    service.answer((asked) => answerOf(asked))
    expect((await banso('plan', 'card.yaml', '--exit-code')).exit).toBe(6)
    service.answer((asked) => answerOf(asked, { change: 'unchanged' }))
    expect(await banso('plan', 'card.yaml', '--exit-code')).toEqual({
      exit: 0,
      out: '0 to create, 0 to change, 1 unchanged\n',
      err: '',
    })
  })
})

describe('what services have', () => {
  it('is listed of all of them, page after page', async () => {
    service.answer(({ url, authorization }) =>
      url === '/v1/blueprints?limit=200' && authorization === 'Bearer of-health'
        ? { body: { items: [{ kind: 'Scorecard', name: 'a' }], next: 'more' } }
        : { body: { items: [{ kind: authorization?.slice(10), name: 'b' }], next: null } },
    )
    const { exit, out } = await banso('blueprints', 'list', '--json')
    expect(exit).toBe(0)
    const { items } = JSON.parse(out) as { items: { kind: string; name: string }[] }
    expect(items.map(({ kind, name }) => `${kind}/${name}`).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'health/b',
      'journeys/b',
      'playbooks/b',
      'Scorecard/a',
    ])
  })

  it('is shown as a file that can be applied again', async () => {
    const journey = { kind: 'Journey', name: 'starter', title: { ja: '導入' }, spec: { stages: [{ name: 'a' }] } }
    service.answer({ body: { ...journey, version: 3, appliedAt: '2026-01-31T09:36:00.000Z' } })
    const { out } = await banso('blueprints', 'show', 'Journey', 'starter', '--version', '3')
    expect(service.asked).toMatchObject([{ url: '/v1/blueprints/Journey/starter?version=3' }])
    write('again.yaml', out)
    service.answer((asked) => answerOf(asked))
    expect((await banso('apply', 'again.yaml')).exit).toBe(0)
    expect(service.asked.at(-1)?.body).toEqual(journey)
  })
})
