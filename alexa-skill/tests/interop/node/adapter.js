// Reads or writes one user's persistent attributes with a real ASK SDK:
//   node adapter.js v1|v2|s3 read|write TABLE_OR_BUCKET
// Standard input: {"envelope": ..., "attributes": ...}. The last line of standard output: the
// attributes. JSON has no exact numbers, no sets and no binary, so both sides write them as
// {"$number": "1"}, {"$set": [...]} and {"$binary": "00ff"}.
'use strict';

const fs = require('fs');
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';
const AWS = require('aws-sdk');

const [sdk, action, place] = process.argv.slice(2);
const service = { region: 'us-east-1', maxRetries: 0 };
const dynamo = () => new AWS.DynamoDB({ ...service, endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB });
const s3 = () => new AWS.S3({ ...service, endpoint: process.env.AWS_ENDPOINT_URL_S3, s3ForcePathStyle: true });

function decoded(value) {
  if (Array.isArray(value)) return value.map(decoded);
  if (value === null || typeof value !== 'object') return value;
  if ('$number' in value) return Number(value.$number);
  if ('$binary' in value) return Buffer.from(value.$binary, 'hex');
  if ('$set' in value) return new AWS.DynamoDB.DocumentClient().createSet(value.$set.map(decoded));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, decoded(inner)]));
}

function encoded(value) {
  if (Array.isArray(value)) return value.map(encoded);
  if (typeof value === 'number') return { $number: String(value) };
  if (Buffer.isBuffer(value)) return { $binary: value.toString('hex') };
  if (value === null || typeof value !== 'object') return value;
  if (value.wrapperName === 'Set') return { $set: value.values.map(encoded) };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, encoded(inner)]));
}

// The SDK v1 has no adapter to call: a skill reads when a session begins, and saves when it ends.
function turn(event, change) {
  return new Promise((resolve, reject) => {
    const Alexa = require('alexa-sdk');
    let seen;
    const alexa = Alexa.handler(event, {}, (error) => (error ? reject(error) : resolve(seen)));
    alexa.appId = event.context.System.application.applicationId;
    alexa.dynamoDBClient = dynamo();
    alexa.dynamoDBTableName = place;
    alexa.registerHandlers({
      LaunchRequest() {
        seen = { ...this.attributes };
        change(this.attributes);
        this.emit(':tell', 'done');
      },
    });
    alexa.execute();
  });
}

function adapter() {
  if (sdk === 's3') {
    const { S3PersistenceAdapter } = require('ask-sdk-s3-persistence-adapter');
    return new S3PersistenceAdapter({ bucketName: place, s3Client: s3(), pathPrefix: process.env.PATH_PREFIX });
  }
  const { DynamoDbPersistenceAdapter } = require('ask-sdk-dynamodb-persistence-adapter');
  return new DynamoDbPersistenceAdapter({ tableName: place, dynamoDBClient: dynamo() });
}

async function main() {
  const { envelope, attributes } = JSON.parse(fs.readFileSync(0, 'utf8'));
  if (sdk === 'v1') {
    return turn(envelope, (state) => action === 'write' && Object.assign(state, decoded(attributes)));
  }
  if (action === 'write') await adapter().saveAttributes(envelope, decoded(attributes));
  return adapter().getAttributes(envelope);
}

main().then(
  (attributes) => process.stdout.write(`\n${JSON.stringify(encoded(attributes))}\n`),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
