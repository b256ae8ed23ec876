// Jest's globalSetup of the `name:int` projects.
export { startTestPostgres as default } from './postgres-server.ts'
