// The hash tree of RFC 6962 §2.1; proofs are checked by the algorithms of RFC 9162 §2.1.3.2 and §2.1.4.2. Hashes are Buffers.

import { createHash } from "node:crypto";

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

export function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export const leafHash = (leaf) => sha256(LEAF, leaf);
export const nodeHash = (left, right) => sha256(NODE, left, right);

/** The root over hashes of leaves. */
export function root(hashes) {
  const stack = []; // whole subtrees, the largest first: [hash, how many leaves]
  for (const hash of hashes) {
    stack.push([hash, 1]);
    while (stack.length > 1 && stack.at(-1)[1] === stack.at(-2)[1]) {
      const [right, size] = stack.pop();
      stack.push([nodeHash(stack.pop()[0], right), 2 * size]);
    }
  }
  if (stack.length === 0) return sha256();
  return stack.map(([hash]) => hash).reduceRight((right, left) => nodeHash(left, right));
}

/** Whether the proof leads from the leaf's hash at this index to the root of a tree of this size. */
export function included(hash, index, size, proof, expected) {
  let fn = BigInt(index);
  let sn = BigInt(size) - 1n;
  if (fn > sn) return false;
  let made = hash;
  for (const sibling of proof) {
    if (sn === 0n) return false;
    if (fn & 1n || fn === sn) {
      made = nodeHash(sibling, made);
      while (!(fn & 1n) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      made = nodeHash(made, sibling);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && made.equals(expected);
}

/** Whether the tree of the second size and root goes on from the first; the sizes differ. */
export function consistent(first, second, firstRoot, secondRoot, proof) {
  const [one, two] = [BigInt(first), BigInt(second)];
  if (one === 0n) return proof.length === 0 && firstRoot.equals(sha256());
  const path = (one & (one - 1n)) === 0n ? [firstRoot, ...proof] : [...proof];
  if (path.length === 0 || proof.length === 0) return false;
  let [fn, sn] = [one - 1n, two - 1n];
  while (fn & 1n) [fn, sn] = [fn >> 1n, sn >> 1n];
  let [fr, sr] = [path[0], path[0]];
  for (const sibling of path.slice(1)) {
    if (sn === 0n) return false;
    if (fn & 1n || fn === sn) {
      fr = nodeHash(sibling, fr);
      sr = nodeHash(sibling, sr);
      while (!(fn & 1n) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      sr = nodeHash(sr, sibling);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && fr.equals(firstRoot) && sr.equals(secondRoot);
}
