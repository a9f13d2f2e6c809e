import { DatabaseSync } from 'node:sqlite'

/** Opens the database, and makes its tables if they are not there: `things` are the application's own data. */
export function openDatabase(file) {
  const db = new DatabaseSync(file)
  db.exec(`
    CREATE TABLE IF NOT EXISTS things (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS adoptions (id TEXT PRIMARY KEY, state TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS moved (adoption TEXT NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (adoption, thing));
  `)
  return db
}

/** Does all of the work, or nothing of it. */
export function transaction(db, work) {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

/** What became of an adoption: `committed`, `abandoned` or `undone`; undefined if nothing yet. */
export const stateOf = (db, id) => db.prepare('SELECT state FROM adoptions WHERE id = ?').get(id)?.state

/** Notes what became of an adoption. */
export const note = (db, id, state) =>
  db.prepare('INSERT OR REPLACE INTO adoptions VALUES (?, ?)').run(id, state)
