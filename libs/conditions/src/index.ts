export * from './compile.ts'
export * from './condition.ts'
export * from './facts.ts'
