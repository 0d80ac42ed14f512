export const example = (): number => 1;
