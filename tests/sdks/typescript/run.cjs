// Runs the compiled story: node run.cjs FOLDER

const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");

const { story } = require(`${process.argv[2]}/story.js`);
const { SERVER, NAME, PICTURE } = process.env;
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

story(SERVER, NAME, new Blob([readFileSync(PICTURE)], { type: "image/png" }), async (url) => {
  console.log(url);
  return (await answers.next()).value.trim();
}).then(
  () => {
    console.log("The end");
    process.exit();
  },
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
