// Reads one item again and again with the official Node.js client: URL WARM_UP CALLS CONNECTIONS.

const {Dax} = require('@amazon-dax-sdk/client-dax');

const [url, ...numbers] = process.argv.slice(2);
const [warmUp, calls, connections] = numbers.map(Number);

async function main() {
  const credentials = {accessKeyId: 'local', secretAccessKey: 'local'};
  const client = new Dax({endpoints: [url], region: 'us-east-1', credentials});
  const lane = async (calls) => {
    const latencies = [];
    for (let call = 0; call < calls; call++) {
      const started = process.hrtime.bigint();
      await client.getItem({TableName: 'users', Key: {id: {S: 'ann'}}});
      latencies.push(Number(process.hrtime.bigint() - started) / 1e3);
    }
    return latencies;
  };
  const lanes = (calls) =>
    Promise.all(Array.from({length: connections}, () => lane(Math.floor(calls / connections))));
  await lanes(warmUp);
  const started = process.hrtime.bigint();
  const latencies = await lanes(calls);
  console.log(Number(process.hrtime.bigint() - started) / 1e9);
  console.log(latencies.flat().join(' '));
  process.exit(0);
}

main();
