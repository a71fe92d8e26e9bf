"""Reads one item again and again with the official Python client: URL WARM_UP CALLS CONNECTIONS."""

import sys
import threading
import time

import botocore.session
from amazondax import AmazonDaxClient


def main(url, warm_up, calls, connections):
    session = botocore.session.get_session()
    session.set_credentials("local", "local")
    with AmazonDaxClient(session, region_name="us-east-1", endpoint_url=url) as client:
        latencies = [[] for _ in range(connections)]

        def lane(number, calls):
            for _ in range(calls):
                started = time.perf_counter()
                client.get_item(TableName="users", Key={"id": {"S": "ann"}})
                latencies[number].append((time.perf_counter() - started) * 1e6)

        def lanes(calls):
            threads = [
                threading.Thread(target=lane, args=(number, calls // connections))
                for number in range(connections)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        lanes(warm_up)
        for lane_latencies in latencies:
            lane_latencies.clear()
        started = time.perf_counter()
        lanes(calls)
        print(time.perf_counter() - started)
        for lane_latencies in latencies:
            print(*lane_latencies)


main(sys.argv[1], *map(int, sys.argv[2:]))
