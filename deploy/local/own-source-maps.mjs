// `node --import`: stack traces by the source maps of our code. `--enable-source-maps` would also read those that packages
// bring, some thousand files, which is a sixth of what a service's start costs.
import { setSourceMapsSupport } from 'node:module'

setSourceMapsSupport(true)
