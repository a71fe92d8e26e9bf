// Makes the calls of calls.json with one of the official Node.js clients, and prints what each
// answered: node calls.cjs v3|v1 URL calls.json

const fs = require('fs');

const [version, url, path] = process.argv.slice(2);
const credentials = {accessKeyId: 'local', secretAccessKey: 'local'};

function connect() {
  if (version === 'v3') {
    const {Dax} = require('@amazon-dax-sdk/client-dax');
    const client = new Dax({endpoints: [url], region: 'us-east-1', credentials});
    const method = (name) => name[0].toLowerCase() + name.slice(1);
    return (name, input) => client[method(name)](input);
  }
  const AmazonDaxClient = require('amazon-dax-client');
  const client = new AmazonDaxClient({endpoints: [url], region: 'us-east-1', credentials});
  const method = (name) => name[0].toLowerCase() + name.slice(1);
  return (name, input) => client[method(name)](input).promise();
}

// Binary values are bytes for the client, and base64 in the file.
function decode(key, value) {
  if (key === 'B') return Buffer.from(value, 'base64');
  if (key === 'BS') return value.map((element) => Buffer.from(element, 'base64'));
  return value;
}

function encode(value) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(encode);
  if (value === null || typeof value !== 'object') return value;
  const elements = value.wrapperName === 'Set' ? value.values : value;
  if (Array.isArray(elements)) return elements.map(encode);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, encode(part)]));
}

async function main() {
  const send = connect();
  for (const {call, input} of JSON.parse(fs.readFileSync(path, 'utf8'), decode)) {
    let answer;
    try {
      answer = await send(call, input);
    } catch (error) {
      answer = {error: error.code || error.name, message: error.message};
    }
    console.log(JSON.stringify(encode(answer)));
  }
  process.exit(0);
}

main();
