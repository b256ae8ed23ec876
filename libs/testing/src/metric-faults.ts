// What Prometheus' naming conventions and our own bounds ask of what a service shows under /metrics.

interface Family {
  readonly name: string
  help: string
  type: string
  readonly samples: Sample[]
}

interface Sample {
  readonly name: string
  readonly labels: readonly (readonly [string, string])[]
}

/** Series of one name that a service may show; buckets of a histogram count as one. */
const MOST_SERIES = 1_000

const PREFIXES = /^(banso|http|nodejs|process)_/
const NOT_BASE_UNITS =
  /_(ms|millis|milliseconds|microseconds|nanoseconds|secs|sec|minutes|hours|days|kb|mb|kilobytes|megabytes|percent)(_|$)/
const TYPES = /_(counter|gauge|histogram|summary)(_|$)/
const OF_HISTOGRAMS = /_(bucket|count|sum)$/
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i
// Each has a value per customer, person or thing that people make: without bound.
const UNBOUNDED = new Set([
  'account',
  'account_id',
  'person',
  'user',
  'playbook',
  'run',
  'key',
  'message',
  'path',
  'url',
])

/** Every fault of an exposition, as a line; empty: it keeps the conventions. */
export const metricFaults = (exposition: string): string[] => {
  const families = familiesIn(exposition)
  return families.length === 0 ? ['nothing is exposed'] : families.flatMap(faultsOf)
}

const familiesIn = (exposition: string): Family[] => {
  const families = new Map<string, Family>()
  const family = (name: string): Family => {
    const known = families.get(name) ?? { name, help: '', type: '', samples: [] }
    families.set(name, known)
    return known
  }
  for (const line of exposition.split('\n')) {
    const [, what, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? []
    if (what === 'HELP') family(name).help = rest
    else if (what === 'TYPE') family(name).type = rest
    else if (line !== '' && !line.startsWith('#')) {
      const sample = sampleOf(line)
      const parent = sample.name.replace(OF_HISTOGRAMS, '')
      family(families.has(sample.name) ? sample.name : parent).samples.push(sample)
    }
  }
  return [...families.values()]
}

const sampleOf = (line: string): Sample => {
  const [, name = '', labels = ''] = /^([^\s{]+)(?:\{(.*)\})? \S+$/.exec(line) ?? []
  return {
    name,
    labels: [...labels.matchAll(/([^=,]+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', value = '']) => [key, value]),
  }
}

const faultsOf = ({ name, help, type, samples }: Family): string[] => {
  const labels = samples.flatMap((sample) => sample.labels)
  const counted = samples.filter((sample) => sample.name !== `${name}_bucket`)
  const rules: readonly [boolean, string][] = [
    [/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name), 'is not in snake case'],
    [PREFIXES.test(name), 'has none of the known prefixes'],
    [help !== '', 'has no help'],
    [type !== '', 'has no type'],
    [(type === 'counter') === name.endsWith('_total'), `is a ${type}: counters, and only counters, end in _total`],
    [!NOT_BASE_UNITS.test(name), 'is not in a base unit'],
    [!TYPES.test(name), 'has its type in its name'],
    [!OF_HISTOGRAMS.test(name), 'ends like a part of a histogram'],
    [
      !labels.some(([label]) => UNBOUNDED.has(label) || !/^[a-z][a-z_]*$/.test(label)),
      'has an unbounded or misnamed label',
    ],
    [!labels.some(([, value]) => UUID.test(value)), 'has an id in a label'],
    [counted.length <= MOST_SERIES, `has ${counted.length} series`],
  ]
  return rules.flatMap(([kept, fault]) => (kept ? [] : [`${name} ${fault}`]))
}
