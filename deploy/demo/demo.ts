// `npm run demo [-- --json]`, beside a running `npm start`: five accounts, four months, and what Banso makes of them.
// Exit 1 when something that should have come did not.
import { parseArgs } from 'node:util'
import { findInstallation } from './installation.ts'
import { runDemo } from './run-demo.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const say = (line: string) => (values.json ? console.error(line) : console.log(line))
try {
  const result = await runDemo(await findInstallation(process.env['BANSO_HOME'], process.cwd()), say)
  if (values.json) console.log(JSON.stringify(result))
  process.exit(result.firedByHistory === 0 ? 0 : 1)
} catch (fault) {
  console.error(`not ok: ${fault instanceof Error ? fault.message : String(fault)}`)
  process.exit(1)
}
