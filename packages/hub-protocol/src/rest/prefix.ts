/** What the path of each route is appended to. */
export const restPrefix = '/api/v1';
