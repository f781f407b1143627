// The same question as a configuration of promptfoo.
const fs = require('node:fs');
const path = require('node:path');

const folder = process.env.DATASET;
const lines = fs.readFileSync(path.join(folder, 'cases.jsonl'), 'utf8').split('\n').slice(0, Number(process.env.CASES));
const prompt = [
  {
    role: 'user',
    content: [
      { type: 'image_url', image_url: { url: '{{image}}' } },
      { type: 'text', text: 'What is it?' },
    ],
  },
];

module.exports = {
  prompts: [JSON.stringify(prompt)],
  providers: [{ id: 'openai:chat:m', config: { apiBaseUrl: process.env.URL, apiKey: 'none', max_tokens: 50 } }],
  tests: lines.map((line) => {
    const { media, expected } = JSON.parse(line);
    return {
      vars: { image: `file://${path.join(folder, media[0])}` },
      assert: [{ type: 'equals', value: JSON.stringify(expected) }],
    };
  }),
};
