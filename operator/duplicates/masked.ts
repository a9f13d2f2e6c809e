/**
 * A user id as it is printed. User ids of some connections contain an email address, which is left out.
 *
 * @param userId - `provider|id`.
 * @param isShown - Whether the operator asked for email addresses: then the whole id is returned.
 */
export const masked = (userId: string, isShown: boolean): string =>
  isShown ? userId : userId.replaceAll(/[^|]*@[^|]*/g, '…')
