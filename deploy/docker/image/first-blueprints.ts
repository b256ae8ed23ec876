// After the first start, in the image: puts the starter blueprints in force, once per volume.
import { firstBlueprints } from '../../local/first-blueprints.ts'

const STATE = '/var/lib/banso'

const done = await firstBlueprints(STATE, (line) => console.log(line), { options: [], env: process.env })
process.exit(done ? 0 : 1)
