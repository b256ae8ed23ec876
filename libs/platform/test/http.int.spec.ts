// One file: loading takes longer than most tests.
import { describeHttp } from './http.suite.ts'
import { describeHealth } from './health.suite.ts'

describeHttp()
describeHealth()
