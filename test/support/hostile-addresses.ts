/** Listed in the tests: what else leads elsewhere. */
export const APP = 'https://app.example.org'

/** None of these leads to APP as it stands there, whatever a browser makes of it. */
export const hostileAddresses: string[] = [
  // Users and passwords.
  'https://app.example.org@evil.example/', 'https://app.example.org:443@evil.example/', 'https://app.example.org%40evil.example/',
  'https://evil.example@app.example.org/', 'https://user:pass@app.example.org/', 'https://@app.example.org/',
  'https://:@app.example.org/',
  // Slashes of both kinds.
  '//app.example.org/', '///app.example.org', '////evil.example', '/\\evil.example', '\\\\evil.example', 'https:\\\\app.example.org\\',
  'https:/\\evil.example', 'https://evil.example\\@app.example.org/', 'https://app.example.org\\.evil.example/',
  'https:///app.example.org/',
  'https:app.example.org', 'https:/app.example.org/', '/\t/evil.example',
  // What browsers drop.
  'ht\ttps://app.example.org/', 'https://app.exam\nple.org/', ' https://app.example.org/', 'https://app.example.org/\r\nset-cookie: a=b',
  '\u0000https://app.example.org/', 'https://app.example.org\u200b/', 'https://app.example.org/a b', '\ufeffhttps://app.example.org/',
  // Look-alikes.
  'https://аpp.example.org/', 'https://xn--pp-6kc.example.org/', 'https://app.example。org/', 'https://ａｐｐ.example.org/',
  'https://app.example.org\u2044.evil.example/', 'https://app.exampl\u0435.org/', 'https://app\u00ad.example.org/',
  'https://ⓐpp.example.org/',
  // Ports and schemes.
  'https://app.example.org:444/', 'https://app.example.org:80/', 'https://app.example.org:8443/', 'http://app.example.org/',
  'http://app.example.org:443/', 'https://app.example.org:99999/', 'https://app.example.org:+443/', 'ftp://app.example.org/',
  'wss://app.example.org/', 'app://app.example.org/', 'view-source:https://app.example.org/', 'filesystem:https://app.example.org/x',
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)//https://app.example.org', 'javascript://app.example.org/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>', 'blob:https://app.example.org/8e03978e', 'file:///etc/passwd', 'about:blank',
  'intent://app.example.org#Intent;end',
  // Neighbours.
  'https://example.org/', 'https://evil.app.example.org/', 'https://app.example.org.evil.example/', 'https://app-example.org/',
  'https://xapp.example.org/', 'https://app.example.org./', 'https://app.example.or/', 'https://app.example.orgx/',
  'https://.app.example.org/',
  // Addresses that are none of a name.
  'https://[::1]/', 'https://127.0.0.1/', 'https://2130706433/', 'https://[::ffff:127.0.0.1]/', 'https://0x7f.1/',
  // Encoded, relative, nothing, endless.
  'https%3A%2F%2Fapp.example.org%2F', 'https%253A%252F%252Fapp.example.org', 'https://app%2eexample.org/',
  'https://app.example.org%2f@evil.example',
  'https://app.example.org%00.evil.example/', 'app.example.org', '/dashboard', '?x=https://app.example.org',
  '#https://app.example.org', '', 'null',
  'undefined', `${APP}/${'a'.repeat(2000)}`
]
