/** Puts a value into the statement's list and answers its place in the text. */
export type Bind = (value: unknown) => string;

export const openBind = (): { bind: Bind; values: unknown[] } => {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
};
