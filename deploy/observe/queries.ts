// What the dashboard and the alert rules ask of Prometheus.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export interface Query {
  /** Where it stands. */
  readonly from: string
  readonly expr: string
}

export interface AlertRule {
  readonly alert: string
  readonly expr: string
  readonly labels?: { readonly severity?: string }
  readonly annotations?: { readonly summary?: string; readonly runbook_url?: string }
}

interface Panel {
  readonly title: string
  readonly targets?: readonly { readonly expr: string }[]
}

export const pathOf = (name: string): string => join(import.meta.dirname, name)
const textOf = (name: string): string => readFileSync(pathOf(name), 'utf8')

export const alertRules = (): AlertRule[] =>
  (parse(textOf('alerts.yml')) as { groups: { rules: AlertRule[] }[] }).groups.flatMap(({ rules }) => rules)

/** The variables of the dashboard, filled in as Grafana does when all is chosen. */
const filledIn = (expr: string): string =>
  expr.replaceAll('$__rate_interval', '1m').replaceAll('$__range', '5m').replaceAll('$service', '.*')

export const dashboardQueries = (): Query[] => {
  const { panels } = JSON.parse(textOf('grafana-dashboard.json')) as { panels: Panel[] }
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ from: `the panel ${title}`, expr: filledIn(expr) })),
  )
}

/** What alerts look at, without the bound: well, that is there, and beyond the bound there is nothing. */
export const alertQueries = (): Query[] =>
  alertRules().map(({ alert, expr }) => ({
    from: `the alert ${alert}`,
    expr: expr.replaceAll(/\s(?:[<>]|==)\s[\d.]+(?=\s|$)/g, ''),
  }))

/** Names of metrics in a query, as a service shows them: those of a histogram's parts without their endings. */
export const metricsIn = ({ expr }: Query): string[] =>
  [...expr.replaceAll(/"[^"]*"/g, '').matchAll(/\b(?:banso|http|nodejs|process)_\w+/g)].map(([name]) =>
    name.replace(/_(bucket|count|sum)$/, ''),
  )
