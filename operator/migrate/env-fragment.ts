import type { CarriedOver } from './carry-over'

const HEAD =
  '# From the settings of the Account Link Extension, by npm run migrate:extension. All other variables are in .env.example'

/**
 * Writes the variables as a part of an environment file, each with its notes. Contains no secrets.
 *
 * @returns Text that ends with a line break.
 */
export function envFragment(entries: CarriedOver[]): string {
  const parts = entries.flatMap(({ field, variable, value, words }) =>
    variable ? [[...words.map((line) => `# ${field}: ${line}`), toLine(variable, value)].join('\n')] : [],
  )
  return `${[HEAD, ...parts].join('\n\n')}\n`
}

const toLine = (variable: string, value: string | undefined) =>
  value === undefined ? `${variable}=` : `${variable}="${value}"`
