/**
 * The commands' input and output. It never prints a secret that was passed to `hide`.
 * @module
 */
import { confirm, intro, isCancel, log, outro, password, spinner, text } from '@clack/prompts'
import { OperatorError } from './operator-error'

/** Values with fewer characters than this are not hidden. */
const MIN_HIDDEN_LENGTH = 8

/** A question to the operator. */
export interface Question {
  message: string
  /** The answer if the operator types nothing. */
  initial?: string | undefined
  isSecret?: boolean
  /** Returns what is wrong with an answer; undefined if nothing. */
  problem?: (answer: string) => string | undefined
}

/** The terminal. If it is not interactive, it prints plain lines, and callers must not ask. */
export class Terminal {
  readonly #secrets = new Set<string>()
  /** The current step, and its spinner. */
  #running: { words: string; wheel: ReturnType<typeof spinner> } | undefined

  /** @param isInteractive - Whether an operator can answer questions. */
  constructor(readonly isInteractive: boolean) {}

  /** Masks a value in all later output. Ignores short values: they are no secrets, and would match parts of words. */
  hide(secret: string): void {
    if (secret.length >= MIN_HIDDEN_LENGTH) this.#secrets.add(secret)
  }

  /** Prints the title of the command. */
  begin(title: string): void {
    if (this.isInteractive) intro(title)
    else console.log(title)
  }

  /** Prints lines. */
  say(...lines: string[]): void {
    this.#settle()
    const said = this.#masked(lines.join('\n'))
    if (this.isInteractive) log.message(said)
    else console.log(said)
  }

  /** Prints the current step, with a spinner until the next output. */
  step(words: string): void {
    this.#settle()
    const said = this.#masked(words)
    if (this.isInteractive) {
      this.#running = { words: said, wheel: spinner() }
      this.#running.wheel.start(said)
    } else console.log(said)
  }

  /** Prints how the command ended. */
  end(words: string): void {
    this.#settle()
    if (this.isInteractive) outro(this.#masked(words))
    else console.log(this.#masked(words))
  }

  /** Prints an error to the standard error output. */
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
   * Asks a yes-or-no question.
   *
   * @throws {OperatorError} `cancelled` if the operator cancels the question.
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

/** The error if the operator chose not to continue. */
export const cancelled = () => new OperatorError('cancelled', 'Nothing more was changed.')
