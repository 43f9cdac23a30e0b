import { SettingRefused } from './refused.ts'

/** The address for traces below an OTLP endpoint, after OpenTelemetry's own rule: `/v1/traces` is put behind it. */
export function parseTracesEndpoint (value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (!url || !isHttp || url.search || url.hash) {
    throw new SettingRefused(
      'OTEL_EXPORTER_OTLP_ENDPOINT must be http:// or https://, such as http://localhost:4318.'
    )
  }
  return `${url.href.replace(/\/$/, '')}/v1/traces`
}
