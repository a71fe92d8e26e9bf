// dynalite on a free port of 127.0.0.1.
'use strict';

const server = require('dynalite')();
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
