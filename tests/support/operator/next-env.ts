import { createRequire } from 'node:module'

/**
 * Reads the text of an environment file with Next.js's own reader.
 *
 * @returns The file's variables. The variables of this process stay unchanged.
 * @see {@link https://nextjs.org/docs/app/guides/environment-variables Environment variables}
 */
export function readAsNextDoes(text: string): Record<string, string | undefined> {
  const ofNext = createRequire(import.meta.resolve('next/package.json'))
  const { processEnv }: typeof import('@next/env') = ofNext('@next/env')
  const own = process.env
  process.env = { NODE_ENV: 'test' }
  try {
    processEnv([{ path: '.env.local', contents: text, env: {} }], undefined, console, true)
    const { NODE_ENV: _mode, __NEXT_PROCESSED_ENV: _flag, ...variables } = process.env
    return variables
  } finally {
    process.env = own
  }
}
