import { createFinding } from '../catalogue'
import type { DoctorCheck } from '../facts'

/** What pages show if a part of the brand cannot be read. */
const SHOWN_INSTEAD: Record<string, string> = {
  organization: "People of an organization see the tenant's brand.",
  domain: 'Pages show the same brand at each custom domain.',
  theme: "Pages show the colors of the tenant's branding, or of the environment.",
  branding: 'Pages show the logo and color of the environment, or our own.',
  settings:
    'Pages show BRAND_NAME or the host of the sign-in, and lead to SUPPORT_URL or RESTART_URL for help.',
  logo: 'Pages show the name alone.',
  favicon: 'Browsers show no icon.',
}

/** Whether the service can read the tenant's brand, and shows the tenant's colors unchanged. */
export const checkBrand: DoctorCheck = ({ brand }) => [
  ...(brand?.unread ?? []).map(({ what, code }) =>
    createFinding(
      'brand_unread',
      `Not read: ${what} (${code}). ${SHOWN_INSTEAD[what] ?? ''}`.trim(),
      fixOf(what, code),
    ),
  ),
  ...(brand?.corrections ?? []).map(({ of, from, to, ratio }) =>
    createFinding(
      'brand_contrast',
      `The ${of} ${from} is shown as ${to}: its contrast is ${ratio.toFixed(2)}.`,
      `Choose a color with more contrast in the tenant's branding, or set BRAND_COLOR.`,
    ),
  ),
]

function fixOf(what: string, code: string): string {
  if (code.startsWith('no_scope_')) return 'Run npm run provision -- apply.'
  if (what === 'logo' || what === 'favicon')
    return 'Give the tenant an https address of a png, jpeg, webp, gif or svg image of at most 100 kB, without redirects.'
  return 'Run the command again.'
}
