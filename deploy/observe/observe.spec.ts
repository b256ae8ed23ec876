import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasPromtool, promtool } from './prometheus.ts'
import { alertQueries, alertRules, dashboardQueries, metricsIn, pathOf } from './queries.ts'

const root = join(import.meta.dirname, '../..')
const PAGE = 'docs/operate/observability.md'
const page = readFileSync(join(root, PAGE), 'utf8')
const sections = [...page.matchAll(/^### (\w+)$/gm)].map(([, name]) => name ?? '')

describe('the alerts', () => {
  it.each(alertRules())('$alert says how bad it is, what it is and what to do', ({ alert, labels, annotations }) => {
    expect(['critical', 'warning']).toContain(labels?.severity)
    expect(annotations?.summary).toMatch(/\{\{ \$(labels|value)/)
    expect(annotations?.runbook_url).toBe(`${PAGE}#${alert.toLowerCase()}`)
  })

  it('have each a section of the runbook, in their order, and it has no other', () => {
    expect(sections).toEqual(alertRules().map(({ alert }) => alert))
  })

  it('are each tested', () => {
    const tests = readFileSync(pathOf('alerts.test.yml'), 'utf8')
    const tested = [...tests.matchAll(/- name: (Banso\w+)/g)].map(([, name]) => name)
    expect(tested).toEqual(alertRules().map(({ alert }) => alert))
  })

  const withPromtool = hasPromtool ? describe : describe.skip
  withPromtool('by promtool', () => {
    it('are rules that it takes, and fire when they should', () => {
      expect(promtool(['check', 'rules', pathOf('alerts.yml')])).toMatchObject({ status: 0 })
      expect(promtool(['check', 'config', pathOf('prometheus.yml')])).toMatchObject({ status: 0 })
      expect(promtool(['test', 'rules', pathOf('alerts.test.yml')])).toMatchObject({ status: 0 })
    })
  })
})

describe('the queries', () => {
  it('lose their bound alone when alerts are looked at without it', () => {
    const bound = alertRules().map(({ expr }, at) => expr.length - (alertQueries()[at]?.expr.length ?? 0))
    expect(bound.filter((length) => length < ' > 0'.length || length > ' > 1000 > 0'.length)).toEqual([])
  })

  it('leave no variable of the dashboard open', () => {
    expect(dashboardQueries().filter(({ expr }) => expr.includes('$'))).toEqual([])
  })
})

describe('the page for operators', () => {
  it('names every metric of ours that the dashboard and the alerts ask for', () => {
    const told = page.replaceAll('…_', 'banso_ingestion_')
    const asked = new Set([...dashboardQueries(), ...alertQueries()].flatMap(metricsIn))
    expect([...asked].filter((name) => !/^(process|nodejs)_/.test(name) && !told.includes(name))).toEqual([])
  })
})
