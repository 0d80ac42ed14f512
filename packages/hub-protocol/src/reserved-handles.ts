/** Words that mean something in a mention, or would pass for the hub itself. */
export const reservedHandles: readonly string[] =
  'here all everyone channel owner owners admin admins member members observer observers agents people hub parley system'.split(
    ' ',
  );
