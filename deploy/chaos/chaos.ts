// `npm run chaos -- --faults N --seed S [--kafka] [--json]`: exit 0 only when nothing was lost or doubled under the full
// load. `--compose`: the same in containers, each restarted and killed once, which needs Docker.
import { parseArgs } from 'node:util'
import { countFrom } from '../drive/count-option.ts'
import { seeded } from '../drive/random.ts'
import { setComposedStage } from '../docker/composed.ts'
import { containerFaults, inflictOnContainer } from '../docker/faults.ts'
import { shuffle } from './faults.ts'
import { type ChaosResult, faultsOn, hasHeld, runChaos } from './run-chaos.ts'

const { values } = parseArgs({
  options: {
    faults: { type: 'string' },
    seed: { type: 'string', default: '1' },
    kafka: { type: 'boolean', default: false },
    compose: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const seed = countFrom('seed', values.seed, 0)
const portBase = Number(process.env['BANSO_PORT_BASE'] ?? 24_000)
const say = (line: string) => console.error(line)
const count = values.faults === undefined ? undefined : countFrom('faults', values.faults)

const inContainers = (): Promise<ChaosResult> =>
  faultsOn(
    {
      setStage: (listeners) => setComposedStage({ purpose: 'chaos', portBase, say, ...listeners }),
      plan: shuffle(containerFaults, seeded(seed)).slice(0, count),
      inflict: inflictOnContainer,
    },
    { seed, say },
  )

const result = await (values.compose
  ? inContainers()
  : runChaos({ faults: count ?? 6, seed, kafka: values.kafka, portBase, say }))
console.log(values.json ? JSON.stringify(result) : result)
process.exit(hasHeld(result) ? 0 : 1)
