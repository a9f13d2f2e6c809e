/**
 * A table of the commands in the documents, with the test or program that runs each of them.
 * @module
 */

/** A row of the table. */
export interface Place {
  /** Matches the whole command. */
  commands: RegExp
  /** The path of the test, or of the program that starts the tests. */
  file: string
  /** Words that the file must contain, as a sign that it runs the commands. */
  words: string[]
}

const CLONE = 'tests/docs/clone-commands.full.test.ts'
const SHELL = 'tests/docs/shell-commands.program.test.ts'
const TENANT = 'tests/docs/tenant-commands.full.test.ts'
/** These commands would run too long in a test, which therefore only lets them read their flags. */
const FLAGS = 'tests/docs/commands.program.test.ts'
/** These commands cannot run in a test. The test checks the nearest thing that can be checked, and gives the reason. */
const NEAREST = 'tests/docs/nearest-commands.program.test.ts'

const rows: [commands: RegExp, file: string, ...words: string[]][] = [
  // The test reads the command from the document and runs it.
  [/^npm run (typecheck|lint:code|format:check|format)$/, CLONE, 'typecheck', 'lint:code', 'format:check'],
  [/^npm run lint$/, 'scripts/check-sources.mjs', "'lint'"],
  [/^npm run lint:(words|unused)$/, NEAREST, 'lint:words', 'lint:unused'],
  [/^npm run test:unit -- --project units \S+$/, CLONE, 'npm run test:unit --'],
  [/^npx vitest run( --project \w+)? \S+( -u)?$/, CLONE, 'npx vitest run'],
  [/^npx playwright test \S+ --project \S+$/, CLONE, 'npx playwright test'],
  [/^npm run build:action$/, CLONE, 'npm run build:action'],
  [/^npm ci$/, CLONE, 'npm ci'],
  [/^npm run sbom$/, CLONE, 'npm run sbom'],
  [/^npm run migrate:extension -- --settings \S+( --locales \S+)?( --out \S+)?$/, CLONE, 'migrate:extension'],
  [/^npm run tenant$/, TENANT, 'npm run tenant'],
  [/^export /, TENANT, 'export'],
  [/^npm run provision -- plan( --yes)?$/, TENANT, 'npm run provision -- plan --yes'],
  [/^ACCOUNT_LINKING_MODE=(observe|offer) npm run provision -- apply$/, TENANT, '=observe npm', '=offer npm'],
  [/^npm run doctor -- --user \S+$/, TENANT, 'npm run doctor -- --user'],
  [/^npm run doctor -- --mail-to \S+$/, TENANT, 'npm run doctor -- --mail-to'],
  [/^curl -X POST /, TENANT, 'curl -X POST'],
  [/^curl --cacert$/, TENANT, 'curl --cacert'],
  [/^openssl rand -base64 32$/, SHELL, 'openssl rand'],
  [/^echo "whsec_\$\(openssl rand -base64 32\)"$/, SHELL, 'echo'],
  [/^awk '.+' \/var\/log\/nginx\/account-linking\.log$/, SHELL, 'awk'],
  [/^printf 'auth0\|123' \| sha256sum /, SHELL, 'printf'],
  [/^gunzip -c users\.json\.gz \| jq -c /, SHELL, 'gunzip'],
  [/^npx a0deploy import /, 'tests/operator/provision/deploy-cli.full.test.ts', 'npx a0deploy import'],
  [
    /^echo '.+' > \/tmp\/secrets\.json$/,
    'tests/flows/modes.full.flow.test.ts',
    "commandsIn('docs/local-tenant.md', 'echo'",
  ],
  [/^cp -r \.next\/static /, 'tests/flows/standalone.full.flow.test.ts', "'cp -r'"],
  [
    /^PORT=3000 HOSTNAME=\S+ node \.next\/standalone/,
    'tests/flows/standalone.full.flow.test.ts',
    "'PORT=3000",
  ],
  [/^redis-cli .*(SET \S+ off|DEL \S+)$/, 'tests/flows/operate.full.flow.test.ts', 'redis-cli'],
  // A test that contains the same words runs the command.
  [/^npm run demo$/, 'tests/scripts/a-demo.ts', 'npm run demo', 'scripts/demo.mjs'],
  [/^npm run demo -- --example$/, 'tests/scripts/demo-example.full.test.ts', "'--example'"],
  [/^npm run dev$/, 'tests/scripts/dev.full.test.ts', 'npm run dev', "'--dev'"],
  [
    /^npm run demo -- --(action|secrets) \S+$/,
    'tests/scripts/options.server.test.ts',
    "'--action'",
    "'--secrets'",
  ],
  [/^npm run provision$/, 'tests/operator/provision/command.full.test.ts', 'npm run provision'],
  [
    /^npm run provision -- apply( --vercel)?$/,
    'tests/operator/provision/command.full.test.ts',
    "'apply'",
    "'--vercel'",
  ],
  [/^npm run provision -- rotate$/, 'tests/flows/provision.full.flow.test.ts', "'rotate'"],
  [/^npm run doctor$/, 'tests/operator/doctor/command.full.test.ts', 'npm run doctor'],
  [/^npm run duplicates( -- scan)?$/, 'tests/operator/duplicates/scan.full.test.ts', "start('scan')"],
  [/^npm run duplicates -- ask$/, 'tests/operator/duplicates/ask.test.ts', "all.run('ask'"],
  [
    /^npm run duplicates -- ask --mail$/,
    'tests/operator/duplicates/ask-mail.full.test.ts',
    "'ask', '--mail'",
  ],
  [/^npm run duplicates -- plan --rule FILE$/, 'tests/operator/duplicates/scan.full.test.ts', "'--rule'"],
  [
    /^npm run duplicates -- show KEY --show-addresses$/,
    'tests/operator/duplicates/show.test.ts',
    "'--show-addresses'",
  ],
  [
    /^(OPERATOR_LINKS=on )?npm run duplicates -- apply( --plan-id ID)?$/,
    'tests/operator/duplicates/from-scan-to-undo.program.test.ts',
    "'apply', '--plan-id'",
  ],
  [
    /^npm run duplicates -- undo( --pair USER_ID)?$/,
    'tests/operator/duplicates/undo.test.ts',
    "'undo'",
    "'--pair'",
  ],
  [
    /^npm run duplicates -- status( --json)?$/,
    'tests/operator/duplicates/undo.test.ts',
    "'status'",
    "'--json'",
  ],
  [
    /^npm run events( --silent)? -- tail( \| jq -r \.type)?$/,
    'tests/operator/events/tail.full.test.ts',
    "commandsIn('docs/events.md', 'npm run events')",
  ],
  [/^npm run worker$/, 'tests/operator/worker/worker.full.test.ts', 'npm run worker'],
  [
    /^curl -H "Authorization: Bearer \$TASKS_SECRET" /,
    'tests/flows/background-work.full.flow.test.ts',
    "'curl -H'",
  ],
  [/^npm run offer -- (on|off)$/, 'tests/flows/operate.full.flow.test.ts', "turn('off')", "turn('on')"],
  [/^npm run attack( -- --only A32)?$/, 'tests/flows/attack.flow.test.ts', 'npm run attack -- --only A32'],
  [/^npm run load( -- --logins 500)?$/, 'tests/scripts/load.full.test.ts', 'npm run load -- --logins'],
  [
    /^npm run chaos( -- --seeds (N|1000)( --seed 5000)?)?$/,
    'tests/flows/chaos.full.flow.test.ts',
    '--seeds',
    '--seed',
  ],
  [
    /^npm run mutate-tokens( -- .+)?$/,
    'tests/scripts/mutate-tokens.full.test.ts',
    "'--count'",
    "'--seed'",
    "'--http'",
  ],
  // The tests and their programs themselves run these commands.
  [/^npm test$/, '.ci/run', 'npm test'],
  [/^npm run test:rest$/, '.github/workflows/check.yml', 'npm run test:rest'],
  [/^npm run test:unit$/, 'scripts/test.mjs', 'vitest/vitest.mjs'],
  [/^npm run test:fast$/, 'scripts/test.mjs', "runVitest('units'"],
  [/^npm run test:e2e$/, 'scripts/test.mjs', '@playwright/test/cli.js'],
  [/^npm run build$/, 'scripts/lib/build.mjs', "[NEXT, 'build']"],
  [/^npm start( -- -p 8080)?$/, 'scripts/lib/app-process.mjs', "'start'", "'-p'"],
  [/^npm run provision -- rollback$/, 'tests/flows/provision.full.flow.test.ts', "'rollback'"],
  [/^node scripts\/docs-report\.mjs$/, 'tests/docs/docs-report.test.ts', 'node scripts/docs-report.mjs'],
  // Checked without being run.
  [/^npm run docs:api$/, NEAREST, 'docs:api'],
  [/^npm run messages( -- (de|TAG))?$/, NEAREST, 'npm run messages'],
  [/^npm run check$/, NEAREST, 'npm run check'],
  [/^npm run check:sources$/, '.ci/run', 'check:sources'],
  [/^npm run check:full$/, NEAREST, 'npm run check:full'],
  [/^npm run mutants( -- lib\/link-flow\/tokens)?$/, NEAREST, 'mutants'],
  [/^npm run bench( -- (--only prompt|--full))?$/, NEAREST, 'bench'],
  [/^npm run screenshots( -- --contact-sheet)?$/, NEAREST, 'screenshots'],
  [/^npm run chaos -- --(rows( --from 1751)?|published|schedule '\{…\}')$/, FLAGS, 'chaos'],
  [
    /^npm (audit --omit dev --audit-level high|install( --save-exact| --no-save)? \S+)$/,
    NEAREST,
    'npm audit',
    'npm install',
  ],
  [/^npx changeset( version)?$/, NEAREST, 'npx changeset'],
  [/^rm -rf node_modules$/, NEAREST, 'rm -rf node_modules'],
  [/^docker (build|run) /, NEAREST, 'docker build', 'docker run'],
  [/^vercel (link|env pull|env add NAME production --force < FILE)$/, NEAREST, 'vercel'],
  [/^npx shadcn add OWNER\/REPO\/sign-in-methods$/, 'tests/registry/registry.test.ts', 'npx shadcn add'],
  [/^curl APP\/api\/sign-in-methods -H /, 'tests/flows/in-your-apps.flow.test.ts', "'curl APP/api"],
  [/^curl( -i)? APP\/healthz$/, 'tests/flows/standalone.full.flow.test.ts', "'curl'"],
]

/** The table. A test fails if a command in a document matches no row, or more than one. */
export const PLACES: Place[] = rows.map(([commands, file, ...words]) => ({ commands, file, words }))
