// One converter over many posts, as rounds.py does it: node mack.cjs FOLDER ROUNDS < TEXTS.json
// FOLDER is where `npm install --prefix FOLDER @tryfabric/mack` was run.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { resolve } = require("node:path");

const { markdownToBlocks } = createRequire(resolve(process.argv[2], "x.js"))("@tryfabric/mack");
const texts = JSON.parse(readFileSync(0, "utf8"));

async function main() {
  await markdownToBlocks(texts[0]);
  const before = process.resourceUsage().maxRSS;
  let best = Infinity;
  for (let round = 0; round < Number(process.argv[3]); round++) {
    // The wall, for Node's compiler works beside and would be counted against it.
    const start = process.hrtime.bigint();
    for (const text of texts) await markdownToBlocks(text);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e9);
  }
  const peak = process.resourceUsage().maxRSS;
  console.log(JSON.stringify({ seconds: best, megabytes: (peak - before) / 1024, all: peak / 1024 }));
}

main();
