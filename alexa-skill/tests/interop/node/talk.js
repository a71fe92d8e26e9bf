// Runs a skill as Lambda would, against the endpoint in AWS_ENDPOINT_URL_DYNAMODB:
//   node talk.js FILE
// Each line of standard input is a request envelope, each `answer ...` of standard output a
// response envelope. With HOLD_WRITES set, a write first says `held` and waits for a line.
'use strict';

const path = require('path');
const readline = require('readline');
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';
const AWS = require('aws-sdk');

// What Lambda's environment and AWS's own addresses are to a deployed skill.
AWS.config.update({
  region: 'us-east-1',
  dynamodb: { endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB, maxRetries: 0 },
});

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();

if (process.env.HOLD_WRITES) {
  AWS.events.onAsync('validate', (request, done) => {
    if (request.operation !== 'putItem') return done();
    process.stdout.write('held\n');
    lines.next().then(() => done());
  });
}

const { handler } = require(path.resolve(process.argv[2]));

async function talk() {
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const event = JSON.parse(line.value);
    const answer = await new Promise((resolve, reject) => {
      handler(event, {}, (error, response) => (error ? reject(error) : resolve(response)));
    });
    process.stdout.write(`answer ${JSON.stringify(answer)}\n`);
  }
}

talk().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
