import neostandard, { plugins, resolveIgnoresFromGitignore } from 'neostandard'

// Who may import what is not decided here: test/house.test.ts enforces the table of test/support/house-rules.ts, also for types.

const environment = { object: 'process', property: 'env', message: 'Only src/platform/config/config.ts reads the environment.' }
const clock = { object: 'Date', property: 'now', message: 'Use now() of src/platform/clock.ts.' }
const processEnv = { name: 'node:process', importNames: ['env'], message: environment.message }
const newDate = { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clock.message }

const forwarded = {
  selector: "MemberExpression[object.name='request'][property.name=/^(ips?|host|hostname)$/]",
  message: 'What a proxy passes on is not parsed: use clientAddress() or hostOf() of src/platform/http/.'
}

const server = ['src/**/*.ts', 'plugins/**/*.ts', 'routes/**/*.ts']
const typescript = ['**/*.ts', '**/*.tsx']

export default [
  ...neostandard({
    ts: true,
    noJsx: true,
    filesTs: typescript,
    ignores: [...resolveIgnoresFromGitignore(), 'packages/client/src/schema.d.ts']
  }),
  {
    name: 'dvokrok/everywhere',
    rules: {
      'no-console': 'error',
      '@stylistic/max-len': ['error', { code: 140 }]
    }
  },
  {
    name: 'dvokrok/types',
    files: typescript,
    languageOptions: {
      parser: plugins['typescript-eslint'].parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname }
    },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': ['error', {
        // tap waits for its subtests by itself, and BrowserRouter's `navigate` returns no promise.
        allowForKnownSafePromises: ['PromiseWithSubtest'],
        allowForKnownSafeCalls: [{ from: 'package', package: 'react-router', name: 'navigate' }]
      }],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/no-unsafe-type-assertion': 'error',
      '@typescript-eslint/return-await': ['error', 'always'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error'
    }
  },
  {
    name: 'dvokrok/size',
    files: [...server, '{web,packages/*}/src/**/*.{ts,tsx}'],
    rules: { 'max-lines': ['error', 200] }
  },
  {
    name: 'dvokrok/environment-and-clock',
    files: server,
    rules: {
      'no-restricted-imports': ['error', { paths: [processEnv] }],
      'no-restricted-properties': ['error', environment, clock],
      'no-restricted-syntax': ['error', newDate, forwarded]
    }
  },
  { name: 'dvokrok/environment', files: ['src/platform/config/config.ts'], rules: { 'no-restricted-properties': ['error', clock] } },
  { name: 'dvokrok/clock', files: ['src/platform/clock.ts'], rules: { 'no-restricted-properties': ['error', environment] } },
  { name: 'dvokrok/scripts', files: ['scripts/**', 'bench/**', '*.js'], rules: { 'no-console': 'off' } }
]
