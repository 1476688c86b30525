/** Words that the most common passwords are made of, in the published lists of leaks, Chinese ones among them. */
const WORDS =
  `password passwort passw0rd p@ssw0rd pass word admin administrator root user guest test login welcome
qwerty qwertyuiop qwertz azerty asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm qazwsx qazwsxedc 1qaz2wsx 1q2w3e 1q2w3e4r
1q2w3e4r5t q1w2e3r4 q1w2e3 qwe asd zxc abc abcd abcdef abcdefg abcdefgh abcdefghi aaa iloveyou ilove love lovely you
woaini woaiwojia woaini1314 wodemima mima nihao 5201314 1314520 520 1314 zhang wang zhao chen yang huang zhou liu
dragon monkey sunshine princess football baseball basketball superman batman spiderman pokemon master shadow michael
jordan jennifer ashley daniel thomas charlie jessica andrew matthew robert joshua george hunter ranger killer ginger
pepper cookie banana chocolate orange summer winter spring autumn monday freedom whatever trustno1 letmein access hello
secret computer internet samsung google facebook microsoft apple iphone android starwars mustang ferrari porsche yamaha
harley corvette maverick phoenix thunder tigger silver golden diamond purple yellow flower butterfly angel jesus
changeme change default temp temporary system server oracle mysql cisco linux windows office company china beijing
shanghai ningbo hangzhou zhejiang city sanjiang please mother father family friend forever happy lucky money
blessed faith a b c d q w e x z`.split(/\s+/);

/** Digits and signs alone make no password, nor does a row of keys or one sign over and over. */
const FILLER = /^[\p{N}\p{P}\p{S}\p{Z}]+/u;
const FILLER_LAST = /[\p{N}\p{P}\p{S}\p{Z}]+$/u;
const WORDS_MAX = 2;

const startsOf = (text: string): number[] =>
  WORDS.filter((word) => text.startsWith(word)).map((word) => word.length);

/** Whether a text is nothing but so many common words with digits and signs between them. */
const isMadeOf = (text: string, words: number): boolean => {
  const rest = text.replace(FILLER, '');
  if (rest === '') return true;
  const isRepeated = /^(.{1,4})\1+$/.test(rest.replace(FILLER_LAST, ''));
  if (isRepeated) return true;
  return words > 0 && startsOf(rest).some((length) => isMadeOf(rest.slice(length), words - 1));
};

/** Whether a password is among those that are tried first: common words, digits, keyboard rows, or the name itself. */
export const isCommonPassword = (password: string, name: string): boolean => {
  const plain = password.toLowerCase();
  const own = name.toLowerCase();
  const without = own.length >= 3 ? plain.replaceAll(own, '') : plain;
  return isMadeOf(plain, WORDS_MAX) || (without !== plain && isMadeOf(without, WORDS_MAX));
};
