/**
 * An operator who runs provision and doctor in their own folder.
 * @module
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { REQUIRED_SCOPES } from '../../../operator/shared/scopes'
import { endOf } from '../process/end-of'

const RUN = fileURLToPath(new URL('../../../scripts/run.mjs', import.meta.url))

/** A tenant's origins, and the path of its certificate authority. */
export interface TenantAddresses {
  loginOrigin: string
  canonicalOrigin: string
  caFile: string
}

/** The output and the exit status of a command. */
export interface CommandResult {
  status: number | null
  output: string
}

/** The scopes of an operator's token: the required ones and two optional ones. */
export const OPERATOR_SCOPES = [...REQUIRED_SCOPES, 'read:tenant_settings', 'read:branding']

/** Further scopes that `doctor` needs, as listed in docs/doctor.md. */
export const DOCTOR_SCOPES = [
  'read:connections_options',
  'read:scim_config',
  'read:directory_provisionings',
  'read:rules',
]

/** Runs the commands without a terminal. */
export class Operator {
  readonly folder = mkdtempSync(join(tmpdir(), 'account-linking-operator-'))
  /** All output so far. */
  printed = ''

  constructor(
    private readonly tenant: TenantAddresses,
    private readonly environment: Record<string, string>,
  ) {}

  /** Runs `provision` with arguments. */
  run = (...args: string[]) => this.#command('provision', args, 'test')

  /** Runs `doctor` with arguments, with the file that `provision` wrote. */
  examine = (...args: string[]) => this.#command('doctor', args, 'production')

  async #command(name: string, args: string[], mode: 'production' | 'test'): Promise<CommandResult> {
    const child = spawn(process.execPath, [RUN, name, ...args], {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH,
        NODE_EXTRA_CA_CERTS: this.tenant.caFile,
        AUTH0_DOMAIN: this.tenant.loginOrigin,
        AUTH0_MANAGEMENT_DOMAIN: new URL(this.tenant.canonicalOrigin).host,
        ...this.environment,
        NODE_ENV: mode,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const end = await endOf(child)
    this.printed += end.output
    return end
  }

  /** The path of a file in the folder. */
  path = (name: string) => join(this.folder, name)
  has = (name: string) => existsSync(this.path(name))
  read = (name: string) => readFileSync(this.path(name), 'utf8')
  write = (name: string, text: string) => writeFileSync(this.path(name), text)

  /** The service's environment, as `provision` wrote it. */
  env(): Record<string, string> {
    return this.has('.env.local') ? (parseEnv(this.read('.env.local')) as Record<string, string>) : {}
  }

  /** Removes the folder. */
  close(): void {
    rmSync(this.folder, { recursive: true })
  }
}
