// The visit counter on the ASK SDK for Node.js, with the names that the guide's table has.
'use strict';

const AWS = require('aws-sdk');
const Alexa = require('ask-sdk-core');
const { DynamoDbPersistenceAdapter } = require('ask-sdk-dynamodb-persistence-adapter');

// Of the addresses that the environment may name, this SDK knows none.
AWS.config.update({ dynamodb: { endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB } });

const LaunchRequestHandler = {
  canHandle: (input) => Alexa.getRequestType(input.requestEnvelope) === 'LaunchRequest',
  async handle({ attributesManager, responseBuilder }) {
    const visits = await attributesManager.getPersistentAttributes();
    visits.count = (visits.count || 0) + 1;
    attributesManager.setPersistentAttributes(visits);
    await attributesManager.savePersistentAttributes();
    return responseBuilder.speak(visits.count === 1
      ? 'Welcome! This is your first visit.'
      : `Welcome back! This is visit ${visits.count}.`).getResponse();
  },
};

exports.handler = Alexa.SkillBuilders.custom()
  .withSkillId('amzn1.ask.skill.00000000-0000-0000-0000-000000000000')
  .withPersistenceAdapter(new DynamoDbPersistenceAdapter({
    tableName: 'VisitCounter',
    partitionKeyName: 'userId',
    attributesName: 'mapAttr',
  }))
  .addRequestHandlers(LaunchRequestHandler)
  .lambda();
