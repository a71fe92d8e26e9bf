'use strict';

const Alexa = require('ask-sdk-core');
const { DynamoDbPersistenceAdapter } = require('ask-sdk-dynamodb-persistence-adapter');

// ANCHOR: handler
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
// ANCHOR_END: handler

// ANCHOR: skill
exports.handler = Alexa.SkillBuilders.custom()
  .withSkillId('amzn1.ask.skill.00000000-0000-0000-0000-000000000000')
  .withPersistenceAdapter(new DynamoDbPersistenceAdapter({ tableName: 'VisitCounter' }))
  .addRequestHandlers(LaunchRequestHandler)
  .lambda();
// ANCHOR_END: skill
