// node tests/js/verdicts.js FILES: of a list of record files, the check of each that fails ("" when all hold), as JSON.

import { readFileSync } from "node:fs";

import { verify } from "../../static/js/verify/record.js";

const said = [];
for (const file of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  const last = (await verify(file)).at(-1);
  said.push(last.fault ? last.code : "");
}
console.log(JSON.stringify(said));
