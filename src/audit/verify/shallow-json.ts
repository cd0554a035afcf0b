/**
 * JSON that nests no deeper than evidence does, looked at before anything parses it: what has to follow millions of brackets down
 * takes a minute or the stack.
 */
const deepest = 32;

const quote = 0x22;
const backslash = 0x5c;

/** Whether the brackets of this text, which may be no JSON at all, stay within the limit. */
export function isShallow(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === backslash) at += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    // [ and {, then ] and }
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > deepest) return false;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return true;
}
