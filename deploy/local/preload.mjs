// `node --import`: what a service, and what starts them, has before its first module.
import { registerHooks, setSourceMapsSupport } from 'node:module'
import { pathToFileURL } from 'node:url'
import { bundledPackages } from './bundled-packages.mjs'

// Stack traces by the source maps of our code. `--enable-source-maps` would also read those that packages bring, some
// thousand files, which is a sixth of what a service's start costs.
setSourceMapsSupport(true)

const bundled = new Map([...bundledPackages()].map(([name, file]) => [name, pathToFileURL(file).href]))
registerHooks({
  resolve: (specifier, context, next) => {
    const url = bundled.get(specifier)
    return url ? { url, format: 'module', shortCircuit: true } : next(specifier, context)
  },
})
