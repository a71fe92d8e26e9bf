'use strict';

const Alexa = require('alexa-sdk');

exports.handler = function (event, context, callback) {
  const alexa = Alexa.handler(event, context, callback);
  alexa.appId = 'amzn1.ask.skill.00000000-0000-0000-0000-000000000000';
  alexa.dynamoDBTableName = 'VisitCounter';
  alexa.registerHandlers({
    LaunchRequest() {
      const count = (this.attributes.count || 0) + 1;
      this.attributes.count = count;
      this.emit(':tell', count === 1
        ? 'Welcome! This is your first visit.'
        : `Welcome back! This is visit ${count}.`);
    },
  });
  alexa.execute();
};
