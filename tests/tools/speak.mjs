// Speaks to a skill through virtual-alexa, and prints what was sent and what came back.
//
// The one argument is JSON: the skill's `url` and `skillId`, a `locale`, its interaction `model` by
// path, and what the user says in `say`, utterance after utterance. The user `launches`, leaves the
// session with `ends`, means `{"intent": name}`, or says a text.

import { readFileSync } from "node:fs";
import virtualAlexa from "virtual-alexa";

const { url, skillId, locale, model, userId, say } = JSON.parse(process.argv[2]);

// virtual-alexa drops punctuation from what is said, and not from the samples.
const json = JSON.parse(readFileSync(model, "utf8"));
const { invocationName, intents } = json.interactionModel.languageModel;
const spoken = (text) => text.replaceAll("-", "");
for (const intent of intents) {
  intent.samples = intent.samples.map(spoken);
}

const alexa = virtualAlexa.VirtualAlexa.Builder()
  .skillURL(url)
  .applicationID(skillId)
  .interactionModel(json)
  .locale(locale)
  .create();
alexa.context().user().setID(userId);

let sent;
alexa.filter((request) => {
  sent = structuredClone(request);
});

function turn(what) {
  if (what === "launches") return alexa.launch();
  if (what === "ends") return alexa.endSession();
  if (what.intent) return alexa.intend(what.intent, what.slots);
  // "tell me …" alone would open the skill.
  const opens = /ask|open|launch|talk to|tell/i.test(what);
  return alexa.utter(opens ? `ask ${invocationName} to ${spoken(what)}` : spoken(what));
}

const turns = [];
for (const what of say) {
  const received = await turn(what);
  turns.push({ said: what, request: sent.request, session: sent.session, answer: received });
}
console.log(JSON.stringify(turns));
