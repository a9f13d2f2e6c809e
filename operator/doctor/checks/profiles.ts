import { createFinding } from '../catalogue'
import { type DoctorCheck, LARGE_PROFILE_BYTES } from '../facts'

/** Whether profiles are near Auth0's size limit. */
export const checkProfiles: DoctorCheck = ({ profiles }) => {
  if (!profiles || profiles.large === 0) return []
  const { large, sampled } = profiles
  const what = `${large} of the ${sampled} accounts that changed last have a profile of more than ${LARGE_PROFILE_BYTES} bytes. Others were not looked at.`
  const fix = 'Make the user_metadata and app_metadata of such accounts smaller.'
  return [createFinding('profile_near_limit', what, fix)]
}
