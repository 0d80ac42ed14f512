/** The version of the protocol, told in `hello` and `welcome`. Within it fields and types are added, never changed or taken away. */
export const version = 1;
