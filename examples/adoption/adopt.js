import { note, stateOf } from './database.js'

/** The steps of an adoption: each runs in a transaction and returns the status to answer. Repeating one changes nothing. */
export const STEPS = {
  'account.adoption.prepare'(db, { adoption_id: id, primary_user_id: to, secondary_user_id: from, undo }) {
    if (undo) return 204 // An unlink happens whatever we answer.
    if (stateOf(db, id) === 'abandoned') return 409 // The link was given up before this request arrived.
    const paying = "SELECT DISTINCT owner FROM things WHERE kind = 'subscription' AND owner IN (?, ?)"
    return db.prepare(paying).all(to, from).length > 1 ? 409 : 204 // No link: the person would pay twice.
  },
  'account.adoption.commit'(
    db,
    { adoption_id: id, primary_user_id: to, secondary_user_id: from, undo, undoes },
  ) {
    if (undo) {
      // Only rows that this link moved, and that the primary user still owns, go back.
      const back =
        'UPDATE things SET owner = ? WHERE owner = ? AND id IN (SELECT thing FROM moved WHERE adoption = ?)'
      if (stateOf(db, undoes) === 'committed') db.prepare(back).run(from, to, undoes)
      note(db, undoes, 'undone')
    } else if (!['committed', 'undone'].includes(stateOf(db, id))) {
      db.prepare('INSERT INTO moved SELECT ?, id FROM things WHERE owner = ?').run(id, from)
      db.prepare('UPDATE things SET owner = ? WHERE owner = ?').run(to, from)
      note(db, id, 'committed')
    }
    return 204
  },
  'account.adoption.abandon'(db, { adoption_id: id, undo }) {
    if (!undo) note(db, id, 'abandoned')
    return 204
  },
}
