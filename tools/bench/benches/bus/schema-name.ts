/** The end of the prefix tells subjects apart; schemas have short names. */
export const schemaName = (prefix: string): string =>
  `b_${prefix.toLowerCase().replaceAll(/\W/g, '_').slice(-36)}`;
