/** The product's name, the same in both languages. */
export const HOUSE_NAME = '三江 Sanjiang';
export const HOUSE_NAME_ZH = '三江';
export const HOUSE_NAME_EN = 'Sanjiang';
