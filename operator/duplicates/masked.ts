/**
 * A user id as it is printed: without the part that is an address, which it is at some connections.
 *
 * @param userId - `provider|id`.
 * @param isShown - Whether the operator asked for addresses.
 */
export const masked = (userId: string, isShown: boolean): string =>
  isShown ? userId : userId.replaceAll(/[^|]*@[^|]*/g, '…')
