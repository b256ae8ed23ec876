import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { TemplateFailedError, Templates } from './templates.ts'

const templates = new Templates('Asia/Tokyo')
const render = (source: string, context: object = {}) => templates.render('text', source, { ...context })
const messagesOf = (source: string) => templates.faults('text', source).map(({ message }) => message)

describe('a template', () => {
  it('shows values, nothing where there is none, and dates in the time zone of the installation', () => {
    const context = { account: { name: 'Acme' }, health: { score: 31.4, band: null }, now: '2026-01-31T18:30:00Z' }
    expect(render('{{ account.name }} {{ health.score | round }}{{ health.band }}', context)).toBe('Acme 31')
    expect(render('{{ now | date: "%Y-%m-%d %H:%M" }}', context)).toBe('2026-02-01 03:30')
  })

  it('sees own fields only', () => {
    expect(render('{{ account.constructor.name }}{{ constructor }}{{ account.__proto__ }}', { account: {} })).toBe('')
  })
})

describe('values in JSON', () => {
  it('stay inside the text that they stand in, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const rendered = templates.render('json', '{ "name": "{{ account.name }}", "n": {{ account.name | json }} }', {
          account: { name },
        })
        expect(JSON.parse(rendered)).toEqual({ name, n: name })
      }),
    )
  })

  it('that are no texts keep their type by the filter json', () => {
    const rendered = templates.render('json', '[{{ health.score | json }}, {{ health.band | json }}]', {
      health: { score: 31.5, band: null },
    })
    expect(JSON.parse(rendered)).toEqual([31.5, null])
  })
})

describe('values in a Slack text', () => {
  it('mention nobody and make no links', () => {
    const account = { name: '<!channel> & <https://evil.example|Acme>' }
    expect(templates.render('slack', '*{{ account.name }}* <https://banso.example|open>', { account })).toBe(
      '*&lt;!channel&gt; &amp; &lt;https://evil.example|Acme&gt;* <https://banso.example|open>',
    )
  })
})

describe('a hostile template', () => {
  const hostile = {
    'a range of a thousand million': '{% for i in (1..1000000000) %}x{% endfor %}',
    'a range from far below': '{% for i in (-99999999999..1) %}x{% endfor %}',
    'loops in loops': '{% assign a = (1..9000) %}{% for i in a %}{% for j in a %}{% endfor %}{% endfor %}',
    'captures that double': `{% capture x %}aaaaaaaaaa{% endcapture %}${'{% capture x %}{{x}}{{x}}{% endcapture %}'.repeat(40)}`,
    'a text that doubles': '{% assign x = "a" %}{% for i in (1..1000) %}{% assign x = x | append: x %}{% endfor %}',
    'a long literal in a loop': `{% for i in (1..10000) %}${'y'.repeat(10_000)}{% endfor %}`,
    'a template over the limit': 'z'.repeat(20_001),
    'a wide date': '{{ 1 | date: "%9999999Y" }}',
    'a file of ours': '{% include "package.json" %}',
    'a file by render': '{% render "package.json" %}',
    'a layout': '{% layout "package.json" %}',
  }
  it.each(Object.entries(hostile))('ends soon, without saying anything of itself: %s', (_what, source) => {
    const begun = performance.now()
    expect(() => render(source, { account: { name: 'Secret Ltd' } })).toThrow(new TemplateFailedError())
    expect(performance.now() - begun).toBeLessThan(1_000)
  })

  it.each([
    ['include', '{% include "x" %}'],
    ['render', '{% render "x" %}'],
    ['layout', '{% layout "x" %}'],
    ['liquid', '{% liquid echo 1 %}'],
    ['sha256', '{{ account.name | sha256 }}'],
    ['sort_natural', '{{ account.name | sort_natural }}'],
    ['raw', '{{ account.name | raw }}'],
  ])('finds no %s', (name, source) => {
    expect(messagesOf(source).join()).toContain(name)
  })
})

describe('faults of a template', () => {
  it('say what and where', () => {
    expect(templates.faults('text', 'Hello\n  {{ account.nmae }} {{ acount.name }}')).toEqual([
      {
        message: 'account has no nmae; it has id, externalId, name, segment, traits',
        line: 2,
        column: 6,
      },
      { message: expect.stringContaining('nothing is named acount; there are account, health'), line: 2, column: 25 },
    ])
    expect(templates.faults('text', '\n {% if health.score %}')).toEqual([
      { message: 'tag {% if health.score %} not closed', line: 2, column: 2 },
    ])
  })

  it('are none where every name stands for something', () => {
    const source = `{% assign gap = 100 | minus: health.score %}{% for m in journey.milestones %}{{ m }}{{ forloop.index }}{% endfor %}
      {{ gap }} {{ account.traits["Plan name"].x }} {{ trigger.rating | default: "-" }} {{ run.id }}`
    expect(templates.faults('text', source)).toEqual([])
  })
})
