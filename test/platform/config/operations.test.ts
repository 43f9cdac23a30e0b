import t from 'tap'
import { loadConfig } from '../../../src/platform/config/config.ts'
import { problemsOf } from '../../support/settings.ts'

t.test('SESSION_EPOCH is a moment in UTC that has been', async (t) => {
  t.equal(loadConfig({ SESSION_EPOCH: '2026-01-31T10:00:00Z' }).sessionEpochMs, Date.UTC(2026, 0, 31, 10))
  t.equal(loadConfig({ SESSION_EPOCH: '2026-01-31T10:00Z' }).sessionEpochMs, Date.UTC(2026, 0, 31, 10))
  for (const value of ['2026-01-31', '2026-01-31T10:00:00', '2026-01-31T10:00:00+02:00', '1795000000', 'now', '2026-02-31T99:00:00Z']) {
    t.match(problemsOf({ SESSION_EPOCH: value }), [/^SESSION_EPOCH must be a moment in UTC/], value)
  }
  t.match(
    problemsOf({ SESSION_EPOCH: '2999-01-01T00:00:00Z' }),
    [/^SESSION_EPOCH lies in the future/],
    'it would end every session as soon as it is opened'
  )
})

t.test('OTEL_EXPORTER_OTLP_ENDPOINT is where the collector is, without the path of traces', async (t) => {
  t.equal(loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }).tracesUrl, 'http://localhost:4318/v1/traces')
  t.equal(
    loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example.org/dvokrok/' }).tracesUrl,
    'https://otel.example.org/dvokrok/v1/traces'
  )
  for (const value of ['localhost:4318', 'grpc://localhost:4317', 'collector', 'http://localhost:4318?x=1']) {
    t.match(problemsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: value }), [/^OTEL_EXPORTER_OTLP_ENDPOINT must be http/], value)
  }
})
