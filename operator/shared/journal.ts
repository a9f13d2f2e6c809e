/**
 * The journal: a file in which `apply` records what it does, so that `rollback` can undo that. It contains no secrets.
 * @module
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { PURPOSES } from './desired'
import { writePrivate } from './env-file'
import { OperatorError } from './operator-error'

const Fields = z.record(z.string(), z.unknown())

const Done = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('create_client'), part: z.enum(PURPOSES), name: z.string() }),
  z.strictObject({
    kind: z.literal('update_client'),
    id: z.string(),
    name: z.string(),
    before: Fields,
    after: Fields,
  }),
  z.strictObject({ kind: z.literal('create_grant'), client: z.string(), audience: z.string() }),
  z.strictObject({
    kind: z.literal('update_grant'),
    id: z.string(),
    before: z.array(z.string()),
    after: z.array(z.string()),
  }),
  z.strictObject({ kind: z.literal('create_api'), identifier: z.string() }),
  z.strictObject({
    kind: z.literal('update_api'),
    id: z.string(),
    name: z.string(),
    before: Fields,
    after: Fields,
  }),
  z.strictObject({
    kind: z.literal('enable_connection'),
    id: z.string(),
    name: z.string(),
    clients: z.array(z.string()),
  }),
  z.strictObject({
    kind: z.literal('write_env'),
    file: z.string(),
    /** Fingerprints of the written variables, by name. */
    fingerprints: z.record(z.string(), z.string()),
  }),
  z.strictObject({ kind: z.literal('create_action'), name: z.string() }),
  z.strictObject({
    kind: z.literal('update_action'),
    id: z.string(),
    name: z.string(),
    /** Ids of the deployed versions; undefined if none was deployed. */
    before: z.string().optional(),
    after: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('create_event_stream'), url: z.string() }),
  z.strictObject({ kind: z.literal('bind_action'), name: z.string() }),
])

/** A step that was made, or was started and then interrupted. */
export type RecordedStep = z.infer<typeof Done>

const Run = z.strictObject({
  at: z.iso.datetime(),
  /** Whether the run ended. The next `apply` continues a run that did not. */
  isFinished: z.boolean(),
  done: z.array(Done),
  /** Fingerprints of the Action's secrets before the run. */
  fingerprints: z.record(z.string(), z.string()),
})

/** One `apply`. */
export type Run = z.infer<typeof Run>

const Contents = z.strictObject({
  version: z.literal(1),
  runs: z.array(Run),
  /** Fingerprints of the values last set as the Action's secrets, by name. Auth0 does not show the values themselves. */
  fingerprints: z.record(z.string(), z.string()),
  /** When the Action received the new shared secret of a rotation. */
  rotatedAt: z.iso.datetime().optional(),
})

/** The journal of one tenant. Writes every change to the file at once. */
export class ProvisionJournal {
  readonly #contents: z.infer<typeof Contents>

  /**
   * @param path - Path of the file, which may be missing.
   * @throws {OperatorError} `state_unreadable`.
   */
  constructor(private readonly path: string) {
    this.#contents = existsSync(path) ? parse(path) : { version: 1, runs: [], fingerprints: {} }
  }

  /** The last `apply` that was not rolled back. */
  get lastRun(): Run | undefined {
    return this.#contents.runs.at(-1)
  }

  /** Fingerprints of the values last set as the Action's secrets, by name. */
  get fingerprints(): Record<string, string> {
    return this.#contents.fingerprints
  }

  /** When the Action received the new shared secret of an unfinished rotation. */
  get rotatedAt(): Date | undefined {
    const { rotatedAt } = this.#contents
    return rotatedAt === undefined ? undefined : new Date(rotatedAt)
  }

  /** Begins a run, or continues one that did not end. */
  begin(at: Date): void {
    if (this.lastRun?.isFinished !== false)
      this.#contents.runs.push({
        at: at.toISOString(),
        isFinished: false,
        done: [],
        fingerprints: { ...this.fingerprints },
      })
    this.#write()
  }

  /** Records a step before it is made, so that the journal contains interrupted steps, too. */
  note(done: RecordedStep): void {
    this.lastRun?.done.push(done)
    this.#write()
  }

  /** Replaces the last recorded step, once more is known about that step. */
  renote(done: RecordedStep): void {
    this.lastRun?.done.splice(-1, 1, done)
    this.#write()
  }

  /** Records that the run has ended. */
  finish(): void {
    const run = this.lastRun
    if (run) run.isFinished = true
    this.#write()
  }

  /**
   * Records that the last run was rolled back.
   *
   * @param withSecrets - Whether the rollback also restored the Action's secrets from before the run.
   */
  forgetRun(withSecrets: boolean): void {
    const run = this.#contents.runs.pop()
    if (run && withSecrets) this.#contents.fingerprints = run.fingerprints
    this.#write()
  }

  /** Records the fingerprints of values that were set as the Action's secrets. */
  noteSecrets(fingerprints: Record<string, string>): void {
    Object.assign(this.#contents.fingerprints, fingerprints)
    this.#write()
  }

  /** Records when the Action received the new shared secret; undefined if the rotation is over. */
  noteRotation(at: Date | undefined): void {
    this.#contents.rotatedAt = at?.toISOString()
    this.#write()
  }

  #write(): void {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 })
    writePrivate(this.path, `${JSON.stringify(this.#contents, undefined, 2)}\n`)
  }
}

function parse(path: string): z.infer<typeof Contents> {
  try {
    return Contents.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new OperatorError('state_unreadable', `${path} cannot be read. Restore it, or move it away.`, {
      cause: error,
    })
  }
}
