import * as core from 'zod/v4/core';

/**
 * Zod measures everything that has a `length`, also what was found to be of the wrong type: the length of `{"length":{"valueOf":1}}`
 * cannot be compared, and the attempt throws. So a length is looked at only where nothing is wrong yet.
 */
const intact = ({ issues }: core.ParsePayload): boolean => issues.length === 0;

/** At most so many characters (Unicode code points) or entries. */
export function maxLength(maximum: number): core.$ZodCheckMaxLength {
  return new core.$ZodCheckMaxLength({ check: 'max_length', maximum, when: intact });
}

/** At least so many characters (Unicode code points) or entries. */
export function minLength(minimum: number): core.$ZodCheckMinLength {
  return new core.$ZodCheckMinLength({ check: 'min_length', minimum, when: intact });
}
