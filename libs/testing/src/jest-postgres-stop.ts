// Jest's globalTeardown of the `name:int` projects.
export { stopTestPostgres as default } from './postgres-server.ts'
