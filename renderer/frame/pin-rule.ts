/** Whether the station will take a new PIN: told before it is asked for once more. The station judges it again (src/station/access/pin.ts). */

const shortestPin = 6;

export function keepsPinRule(pin: string): boolean {
  const points = [...pin].map(character => character.codePointAt(0)!);
  if (points.length < shortestPin || /[\p{C}\p{Z}]/u.test(pin)) return false;
  const steps = new Set(points.slice(1).map((point, index) => point - points[index]!));
  const [step] = steps;
  return steps.size > 1 || Math.abs(step!) > 1;
}
