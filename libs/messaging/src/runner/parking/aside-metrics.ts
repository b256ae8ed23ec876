import { Gauge, type Registry } from 'prom-client'
import type { DataSource } from 'typeorm'

interface Figure {
  readonly group: string
  readonly label: string
  readonly value: number
}

/** Gauges that are asked of the database when they are scraped; while it is away they keep what they had. */
export const measureAside = (registry: Registry, dataSource: DataSource): void => {
  const ask = async (sql: string): Promise<readonly Figure[]> => dataSource.query<Figure[]>(sql).catch(() => [])
  registry.registerMetric(
    new Gauge({
      name: 'banso_messages_aside',
      help: 'Messages that are parked or dead now',
      labelNames: ['group', 'state'],
      registers: [],
      async collect() {
        for (const { group, label, value } of await ask(ASIDE)) this.set({ group, state: label }, value)
      },
    }),
  )
  registry.registerMetric(
    new Gauge({
      name: 'banso_group_stopped',
      help: '1 while a group is stopped and waits to be resumed',
      labelNames: ['group'],
      registers: [],
      async collect() {
        for (const { group, value } of await ask(STOPPED)) this.set({ group }, value)
      },
    }),
  )
}

const ASIDE = `
  SELECT g.name AS "group", s.state AS label, count(m.id)::int AS value
  FROM consumer_group g CROSS JOIN (VALUES ('parked'), ('dead')) AS s(state)
    LEFT JOIN parked_message m ON m.group_name = g.name AND m.state = s.state
  GROUP BY g.name, s.state`

const STOPPED = `SELECT name AS "group", '' AS label, (state = 'stopped')::int AS value FROM consumer_group`
