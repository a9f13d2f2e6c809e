/**
 * What is said and asked. Nothing that is known to be secret is ever said.
 * @module
 */
import { confirm, intro, isCancel, log, outro, password, spinner, text } from '@clack/prompts'
import { OperatorError } from './operator-error'

/** Characters of the shortest value that is hidden. */
const SHORTEST = 8

/** A question. */
export interface Question {
  message: string
  /** Taken where nothing is typed. */
  initial?: string | undefined
  isSecret?: boolean
  /** Says what is wrong with an answer. */
  problem?: (answer: string) => string | undefined
}

/** The terminal, or what stands in for one where nobody sits at it. */
export class Terminal {
  readonly #secrets = new Set<string>()
  /** What is being done, and its wheel. */
  #running: { words: string; wheel: ReturnType<typeof spinner> } | undefined

  /** @param isInteractive - Whether somebody is there to answer. */
  constructor(readonly isInteractive: boolean) {}

  /** Never says a value from now on; a short one is no secret, and would be found in words. */
  hide(secret: string): void {
    if (secret.length >= SHORTEST) this.#secrets.add(secret)
  }

  /** Says what begins. */
  begin(title: string): void {
    if (this.isInteractive) intro(title)
    else console.log(title)
  }

  /** Says lines. */
  say(...lines: string[]): void {
    this.#settle()
    const said = this.#masked(lines.join('\n'))
    if (this.isInteractive) log.message(said)
    else console.log(said)
  }

  /** Says what is being done, until something else is said. */
  step(words: string): void {
    this.#settle()
    const said = this.#masked(words)
    if (this.isInteractive) {
      this.#running = { words: said, wheel: spinner() }
      this.#running.wheel.start(said)
    } else console.log(said)
  }

  /** Says how it ended. */
  end(words: string): void {
    this.#settle()
    if (this.isInteractive) outro(this.#masked(words))
    else console.log(this.#masked(words))
  }

  /** Says what went wrong, where errors go. */
  fail(words: string): void {
    this.#running?.wheel.error(this.#running.words)
    this.#running = undefined
    console.error(this.#masked(words))
  }

  /**
   * Asks for a value.
   *
   * @throws {OperatorError} `cancelled`.
   */
  async ask({ message, initial, isSecret = false, problem }: Question): Promise<string> {
    this.#settle()
    const validate = (answer: string | undefined) => problem?.(answer || initial || '')
    const answer = isSecret
      ? await password({ message, validate })
      : await text({ message, validate, ...(initial && { placeholder: initial, defaultValue: initial }) })
    if (isCancel(answer)) throw cancelled()
    return answer
  }

  /**
   * Asks a question of yes or no.
   *
   * @throws {OperatorError} `cancelled` where it is not answered.
   */
  async confirm(message: string): Promise<boolean> {
    this.#settle()
    const answer = await confirm({ message })
    if (isCancel(answer)) throw cancelled()
    return answer
  }

  #settle(): void {
    this.#running?.wheel.stop(this.#running.words)
    this.#running = undefined
  }

  #masked(words: string): string {
    return [...this.#secrets].reduce((masked, secret) => masked.replaceAll(secret, '[secret]'), words)
  }
}

/** The operator does not want to go on. */
export const cancelled = () => new OperatorError('cancelled', 'Nothing more was changed.')
