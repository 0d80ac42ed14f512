/** Statements, and what makes the tables. */
export const sqlFolder = new URL('../../sql/', import.meta.url);
