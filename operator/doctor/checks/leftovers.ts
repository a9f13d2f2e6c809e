import { createFinding } from '../catalogue'
import type { DoctorCheck } from '../facts'

/** The names of the Rule and the application that Auth0's Account Link extension installs. */
const EXTENSION_NAME = /^auth0-account-link(-extension)?$/

/**
 * Whether parts of Auth0's Account Link extension are still installed.
 *
 * @see {@link https://auth0.com/docs/customize/extensions/account-link-extension Account Link extension}
 */
export const checkLeftovers: DoctorCheck = ({ clients, rules }) => [
  ...(rules ?? [])
    .filter((name) => EXTENSION_NAME.test(name))
    .map((name) =>
      createFinding(
        'leftover_rule',
        `There is a Rule "${name}".`,
        `Uninstall the extension, or delete "${name}".`,
      ),
    ),
  ...(clients ?? [])
    .filter(({ name }) => EXTENSION_NAME.test(name))
    .map(({ name, client_id: id }) =>
      createFinding(
        'leftover_client',
        `There is an application "${name}" (${id}).`,
        `Uninstall the extension, or delete ${id}.`,
      ),
    ),
]
