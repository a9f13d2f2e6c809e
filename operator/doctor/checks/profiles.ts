import { found } from '../catalogue'
import { type Check, LARGE_PROFILE_BYTES } from '../facts'

/** Whether profiles are near Auth0's size limit. */
export const checkProfiles: Check = ({ profiles }) => {
  if (!profiles || profiles.large === 0) return []
  const { large, sampled } = profiles
  const what = `${large} of the ${sampled} accounts that changed last have a profile of more than ${LARGE_PROFILE_BYTES} bytes. Others were not looked at.`
  const fix = 'Make the user_metadata and app_metadata of such accounts smaller.'
  return [found('profile_near_limit', what, fix)]
}
